import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

const inventory = `all:
  children:
    lab_a:
      vars:
        room: {title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254}
      hosts:
        a01: {seat: A1, ip: 10.1.1.1, mac: "00:e0:4c:01:00:01", switch_port: GE0/0/1}
        a02: {seat: A2, ip: 10.1.1.2, mac: "00:e0:4c:01:00:02", switch_port: GE0/0/2}
        a03: {seat: A3, ip: 10.1.1.3, mac: "00:e0:4c:01:00:03", switch_port: GE0/0/3}
`;
const arp = `? (10.1.1.1) at 00:e0:4c:01:00:01 [ether] on eth0
? (10.1.1.2) at 00:e0:4c:01:00:01 [ether] on eth0
? (10.1.1.254) at 00:e0:fc:01:00:01 [ether] on eth0
? (10.1.1.99) at 00:e0:4c:99:00:01 [ether] on eth0
`;
const macTable = `MAC Address    VLAN/VSI/BD   Learned-From   Type
00e0-4c01-0003 110/-/-       GE0/0/7        dynamic
`;
const dnsmasq =
  'dhcp-host=00:e0:4c:01:00:01,10.1.1.1,a01\ndhcp-host=00:e0:4c:01:00:02,10.1.1.22,a02\n';

describe('lab inventory discover', () => {
  let project: Project;
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runLab(['inventory', 'discover', ...args], {
      cwd: project.folder,
      env: { LANG: 'C.UTF-8', ...env },
    });
  const all = [
    '--from',
    'arp:arp.txt',
    '--from',
    'mac-huawei:sw.txt',
    '--configured',
    'dnsmasq:lab.conf',
  ];

  beforeEach(() => {
    project = makeProject(inventory);
    for (const [file, text] of [
      ['arp.txt', arp],
      ['sw.txt', macTable],
      ['lab.conf', dnsmasq],
    ] as const)
      writeFileSync(join(project.folder, file), text);
  });
  afterEach(() => {
    project.remove();
  });

  it('lays a neighbour table, a switch table and a configuration beside the register', async () => {
    const { stdout, exitCode } = await run([...all, '-o', 'json']);
    const { schema, findings, totals, sources } = JSON.parse(stdout);
    expect(schema).toBe('lab.discover/1');
    expect(
      findings.map(
        (each: Record<string, string>) => `${each['finding']} ${each['detail']} ${each['host']}`,
      ),
    ).toEqual([
      'squatted by-registered a02',
      'stale differs a02',
      'moved port a03',
      'stale missing a03',
      'unregistered stranger ',
    ]);
    expect(findings[2]).toMatchObject({
      registered: { port: 'GE0/0/3' },
      observed: { port: 'GE0/0/7', vlan: '110' },
      evidence: [{ source: 'sw.txt', place: 'line 2' }],
    });
    expect(totals).toMatchObject({ hosts: 3, inOrder: 1, findings: 5, squatted: 1, stale: 2 });
    expect(sources).toMatchObject([
      { name: 'arp.txt', format: 'arp', role: 'observed', entries: 4 },
      { name: 'sw.txt', format: 'mac-huawei', role: 'observed', entries: 1 },
      { name: 'lab.conf', format: 'dnsmasq', role: 'configured', entries: 2 },
    ]);
    expect(exitCode).toBe(2);
  });

  it('prints them as a table with hints in both languages, and as CSV', async () => {
    const english = (await run(all)).stdout;
    expect(english).toMatch(/squatted +a02 lab_a A2 by a01/);
    expect(english).toContain('5 findings; 1 of 3 hosts were seen as registered.');
    const chinese = (await run([...all, '--lang', 'zh-CN'])).stdout;
    expect(chinese).toContain('发现 5 处不符');
    const [head, first] = (await run([...all, '-o', 'csv'])).stdout.split('\r\n');
    expect(head).toBe(
      'finding,detail,host,room,seat,by,registeredMac,registeredIp,registeredPort,configuredMac,configuredIp,configuredPort,observedMac,observedIp,observedPort,evidence,hint',
    );
    expect(first).toContain(
      'squatted,by-registered,a02,lab_a,A2,a01,00:e0:4c:01:00:02,10.1.1.2,GE0/0/2,,,,00:e0:4c:01:00:01,10.1.1.2,,arp.txt line 2,',
    );
  });

  it('prints the same bytes for the same input', async () => {
    const one = await runLab(['inventory', 'discover', ...all, '-o', 'json'], {
      cwd: project.folder,
      nowMs: 1_796_083_200_000,
    });
    const other = await runLab(['inventory', 'discover', ...all, '-o', 'json'], {
      cwd: project.folder,
      nowMs: 1_796_083_200_000,
    });
    expect(other.stdout).toBe(one.stdout);
  });

  it('exits with 0 when nothing is wrong, and says who was not seen', async () => {
    writeFileSync(join(project.folder, 'arp.txt'), arp.split('\n')[0] ?? '');
    const { stdout, exitCode } = await run(['--from', 'arp:arp.txt']);
    expect(stdout).toContain('nothing else was found');
    expect(stdout).toContain('Not seen, perhaps off: a[02-03].');
    expect(exitCode).toBe(0);
  });

  it('refuses a file of another format, an unknown one, and a flag without a format', async () => {
    expect(await run(['--from', 'arp:lab.conf'])).toMatchObject({ exitCode: 3, stdout: '' });
    expect(await run(['--configured', 'dnsmasq:arp.txt'])).toMatchObject({ exitCode: 3 });
    expect((await run(['--from', 'apr:arp.txt'])).stderr).toContain('arp-scan');
    expect(await run(['--from', 'arp.txt'])).toMatchObject({ exitCode: 5 });
    expect(await run([...all, '--subnet', '10.1.1.7/24'])).toMatchObject({ exitCode: 5 });
    expect(await run([...all, '--days', 'x'])).toMatchObject({ exitCode: 5 });
  });

  it('tells lines of a table it cannot read and goes on', async () => {
    writeFileSync(join(project.folder, 'arp.txt'), `${arp}what is this\n`);
    const { stderr, stdout } = await run(all);
    expect(stderr).toContain('arp.txt:5:1');
    expect(stdout).toContain('squatted');
  });
});
