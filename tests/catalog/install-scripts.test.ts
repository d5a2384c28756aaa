import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { askLeave, hostLabel, keyLines, tellFunctions } from '../../src/catalog/install-scripts.ts';
import { kinds, makeFakeDisks } from '../helpers/fake-disks.ts';
import { makeHost } from '../helpers/make-host.ts';
import { targetShells } from '../helpers/target-shell.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-leave-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

type Answer = (stage: string, response: ServerResponse) => void;
const say =
  (body: string, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status).end(body);

/** Runs a script against a boot service that answers so; what it asked, and how it ended. */
async function run(shell: readonly string[], script: (url: string) => string, answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    asked.push(request.url ?? '');
    answer(searchParams.get('stage') ?? '', response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/boot/report/S`;
  // No installer waits three seconds between two tries here.
  const quick = script(url).replaceAll('sleep 3', ':').replaceAll('-lt 200', '-lt 3');
  const [program = '', ...args] = shell;
  const child = spawn(program, [...args, '-c', quick]);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const status = await ended;
  server.close();
  return { asked, status, said, complained };
}

describe.each(targetShells)('an installer that reports, by $name', ({ shell }) => {
  const tell = (work: string, answer: Answer) =>
    run(shell, (url) => `${tellFunctions(url)}${work}`, answer);

  it('names its stage, and goes on when it may', async () => {
    const work = "tell installed '&hostkey=ssh-ed25519%20AAAA'";
    expect(await tell(work, say('go\n'))).toMatchObject({
      asked: ['/boot/report/S?stage=installed&hostkey=ssh-ed25519%20AAAA'],
      status: 0,
    });
  });

  it.each([
    ['nothing', ''],
    ['stop', 'stop the host was disarmed\n'],
    ['the page of a proxy', '<html>\n<p>Please log in, then\ngo on</p>\n'],
    ['another word', 'google\n'],
    ['go in another line', '\ngo\n'],
  ])('does not go on when the answer is %s', async (_, body) => {
    const { asked, status } = await tell('tell writing', say(body));
    expect([asked.length, status]).toEqual([1, 1]);
  });

  it('asks again while it is refused or nobody answers, and then does not go on', async () => {
    const refused = await tell('tell writing', say('go', 503));
    expect([refused.asked.length, refused.status]).toEqual([3, 1]);
    const cut = await tell('tell writing', (_, response) => void response.destroy());
    expect(cut.status).toBe(1);
  });

  it('goes on when an answer was lost and the next one is clear', async () => {
    let times = 0;
    const { asked, status } = await tell('tell writing', (stage, response) => {
      times += 1;
      return times === 1 ? response.destroy() : say('go\n')(stage, response);
    });
    expect([asked.length, status]).toEqual([2, 0]);
  });

  it('makes a reason one that can stand in a query', async () => {
    const { asked } = await tell(
      `tell failed "&reason=$(query_text 'a & b=c%20 "sda" 张
second')"`,
      say('go'),
    );
    expect(asked[0]).toMatch(
      /^\/boot\/report\/S\?stage=failed&reason=a\+\+\+b\+c\+20\+\+sda\+\++second$/,
    );
  });
});

describe.each(targetShells)('leave for the first write, by $name', ({ shell }) => {
  const ask = (disks: (typeof kinds)[keyof typeof kinds][], answer: Answer, meanwhile = ':') => {
    const root = makeFakeDisks(base, disks);
    const script = (url: string) =>
      askLeave({ reportUrl: url, disk: { by: 'only' } }, 'exit 7')
        .replace('sysfs=/sys udev_data=/run/udev/data', `sysfs=${root}/sys udev_data=${root}/udev`)
        .replace('\nagain=', `\n${meanwhile.replaceAll('SYS', `${root}/sys`)}\nagain=`);
    return run(shell, (url) => `${script(url)}echo "writes $disk"`, answer);
  };

  it('is asked for with the disk, and given by a clear go', async () => {
    const { asked, status, said } = await ask([kinds.nvme, kinds.stick], say('go\n'));
    expect([status, said]).toEqual([0, 'writes nvme0n1\n']);
    expect(asked).toEqual([
      '/boot/report/S?stage=writing&disk_name=nvme0n1&disk_bytes=256060514304&disk_serial=S4EVNX0',
    ]);
  });

  it('is not asked for where the rule fits two disks or none: the reason is told instead', async () => {
    const several = await ask([kinds.nvme, kinds.sata], say('go\n'));
    expect([several.status, several.said]).toEqual([7, '']);
    expect(several.asked).toEqual([
      '/boot/report/S?stage=failed&reason=2+disks+fit+the+rule,+not+one;+fixed+internal+ones:+nvme0n1+sda',
    ]);
    expect(several.complained).toContain('Nothing was written.');
    expect((await ask([kinds.stick], say('go\n'))).status).toBe(7);
  });

  it.each([
    ['stop', say('stop it was disarmed\n')],
    ['an empty answer', say('')],
    ['an error page', say('<html>go</html>')],
    ['a refusal', say('this session is over\n', 410)],
  ])('is none with %s: nothing is written', async (_, answer) => {
    const { status, said } = await ask([kinds.nvme], answer);
    expect([status, said]).toEqual([7, '']);
  });

  it('is void when another disk came while it was asked for', async () => {
    const add = 'mkdir -p SYS/block/sdx/device; echo 800 >SYS/block/sdx/size';
    const { asked, status, said } = await ask([kinds.nvme], say('go\n'), add);
    expect([status, said]).toEqual([7, '']);
    expect(asked[1]).toContain('the+disk+changed+since+it+was+chosen');
  });
});

describe('what goes into an answer file', () => {
  it('is refused where it could end a text', () => {
    for (const key of ['ssh-ed25519 AAAA "x', 'ssh-ed25519 AAAA\nrootpw x', 'ssh-ed25519 张', ''])
      expect(() => keyLines([key]), key).toThrow('cannot stand in an answer file');
    for (const name of ['a_b', '-a', 'a.b', 'a b', '$(x)', '张'])
      expect(() => hostLabel(makeHost(name)), name).toThrow('no name that a computer can have');
  });
});
