import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

let project: Project;
beforeEach(() => {
  // Nothing listens at port 1: both are on and refuse to be asked who is logged in.
  project = makeProject(`all:
  vars: { ansible_port: 1, ansible_host: 127.0.0.1, profile: debian-12 }
  children:
    lab_a:
      vars: { room: { title: "Lab, A" } }
      hosts:
        a01: { mac: "52:54:00:00:00:01", serial: "S1", seat: "1", owner: { name: 黄磊, id: "0117" } }
        a02: { mac: "52:54:00:00:00:02", serial: "S2", protected: true }
`);
});
afterEach(() => project.remove());

const preview = (...args: string[]) =>
  runLab(['reinstall', 'lab_a', '--preview', ...args], { cwd: project.folder });
const rowsOf = (csv: string) => csv.trim().split(/\r?\n/);

describe('lab reinstall --preview', () => {
  it('leaves out a PC of which nobody knows who is logged in, until that is set aside', async () => {
    const { exitCode, stdout } = await preview('-o', 'json');
    expect(exitCode).toBe(6);
    const { hosts, refused } = JSON.parse(stdout);
    expect(hosts).toEqual([]);
    expect(refused[0]).toMatchObject({
      ...{ host: 'a01', rule: 'users', hint: 'look at the PC, then add --despite users' },
      why: expect.stringMatching(/^nobody knows who is logged in: a01 .* refuses connections/),
    });
    const despite = await preview('--despite', 'users');
    expect(despite.exitCode).toBe(0);
    expect(despite.stdout).toMatch(/^a01 .* unknown /m);
    const failing = await preview('--despite', 'users', '--fail-on-change');
    expect(failing.exitCode).toBe(8);
  });

  it.each<[string, (text: string) => void]>([
    [
      'json',
      (text) => {
        const { schema, totals, hosts } = JSON.parse(text);
        expect([schema, totals]).toEqual(['lab.reinstall-preview/1', { reinstall: 1, refused: 1 }]);
        expect(hosts[0]).toMatchObject({ host: 'a01', owner: '黄磊', users: null });
        expect(hosts[0].usersUnknown).toContain('refuses connections');
      },
    ],
    [
      'ndjson',
      (text) => {
        const [one, two] = rowsOf(text).map((line) => JSON.parse(line));
        expect(one).toMatchObject({ host: 'a01', profile: 'debian-12', refused: null });
        expect(two).toMatchObject({ host: 'a02', refused: 'protected' });
      },
    ],
    [
      'csv',
      (text) => {
        const [head = '', one = '', two = ''] = rowsOf(text);
        expect(head).toMatch(/^\uFEFF?host,room,seat,owner,profile,/);
        expect(one).toMatch(/^a01,lab_a,1,黄磊,debian-12,/);
        expect(two).toMatch(/^a02,,.*protected/);
      },
    ],
    [
      'markdown',
      (text) => {
        expect(text).toMatch(/^\| *a01 *\|.*unknown/m);
        expect(text).toMatch(/^\| *a02 *\|.*protected/m);
      },
    ],
    [
      'html',
      (text) => {
        expect(text).toContain('<!DOCTYPE html>');
        for (const said of ['a01', 'a02', '黄磊', 'unknown']) expect(text).toContain(said);
      },
    ],
    ['xlsx', (text) => expect(text.slice(0, 2)).toBe('PK')],
  ])('tells the plan as %s, with those it leaves out', async (format, check) => {
    const { exitCode, stdout } = await preview('--despite', 'users', '-o', format);
    expect(exitCode).toBe(0);
    check(stdout);
  });

  it('has no test cases to tell as junit, and says so', async () => {
    const { exitCode, stderr } = await preview('-o', 'junit');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('no test cases');
  });
});
