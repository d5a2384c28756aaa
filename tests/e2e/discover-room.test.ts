import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labPath } from '../helpers/lab.ts';
import { describeOnPcs, openSim, type Sim } from '../helpers/sim.ts';

interface DiscoverReport {
  readonly schema: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly findings: readonly {
    finding: string;
    detail: string;
    host: string;
    by: string;
    observed: { mac: string; ip: string };
    evidence: readonly { source: string; place: string }[];
    hint: string;
  }[];
  readonly sources: readonly { name: string; format: string; entries: number }[];
}

const hasArpScan = spawnSync('arp-scan', ['--version']).error === undefined;
const inCi = process.env['CI'] === 'true';
if (!hasArpScan && !inCi)
  console.warn('SKIPPED, not tested: scanning with arp-scan, which is missing here');

describeOnPcs(
  'lab inventory discover in a room with a new card, a squatter and an unregistered PC',
  () => {
    let sim: Sim;
    let state: string;
    let inventory: string;
    const pcOf = (name: string) => {
      const pc = sim.pcs.find((each) => each.name === name);
      if (pc === undefined) throw new Error(`no PC ${name}`);
      return pc;
    };
    const lab = (...args: string[]) =>
      sim.exec([labPath, '-i', inventory, '--state', join(state, '.lab'), ...args], {
        env: { LANG: 'C.UTF-8' },
        timeoutMs: 120_000,
      });
    const discover = async (...args: string[]) => {
      const ran = await lab('inventory', 'discover', ...args, '-o', 'json');
      return { ...ran, report: JSON.parse(ran.stdout) as DiscoverReport };
    };
    const told = ({ findings }: DiscoverReport): string[] =>
      findings.map(({ finding, detail, host, by, observed }) =>
        [finding, detail, host === '' ? observed.mac : host, by]
          .filter((word) => word !== '')
          .join(' '),
      );
    /** The controller talks with every PC once, so that its kernel knows them. */
    const meetAll = async (): Promise<void> => {
      await sim.exec(['ip', 'neigh', 'flush', 'all']);
      const pings = sim.pcs.map(({ ip }) => `ping -c 2 -W 2 ${ip} >/dev/null & `).join('');
      await sim.exec(['sh', '-c', `${pings} wait`]);
    };

    beforeAll(async () => {
      state = mkdtempSync(join(tmpdir(), 'lab-discover-'));
      sim = await openSim({ rooms: [{ name: 'a', pcs: 6 }] });
      inventory = join(state, 'school.yaml');
      // a06 is plugged in, and nobody has registered it.
      const text = readFileSync(sim.inventoryPath, 'utf8');
      writeFileSync(inventory, text.replace(/^ {8}a06:\n(?: {10}.*\n)+/m, ''));
    });
    afterAll(async () => {
      await sim?.close();
      rmSync(state, { recursive: true, force: true });
    });

    it('names only the unregistered PC while all else is in order', async () => {
      await meetAll();
      const { report, exitCode, stderr } = await discover('lab_a');
      expect(told(report), stderr).toEqual([`unregistered stranger ${pcOf('a06').mac}`]);
      expect(report.totals).toMatchObject({ hosts: 5, inOrder: 5, unseen: 0, findings: 1 });
      expect(report.sources).toMatchObject([{ name: 'ip -j neigh show', format: 'ip-neigh' }]);
      expect(exitCode).toBe(2);
    });

    it('exits with 0 when every PC of the pattern is as registered', async () => {
      const { exitCode, stdout } = await lab(
        'inventory',
        'discover',
        'a01',
        '--subnet',
        `${pcOf('a01').ip}/32`,
      );
      expect(stdout).toContain('nothing else was found');
      expect(exitCode).toBe(0);
    });

    it('names a strange card at a registered address, and the PC that took the address of another', async () => {
      await sim.setFault('a02', 'wrong-mac');
      await sim.setFault('a03', 'down');
      const card = (await sim.inside('a04', ['sh', '-c', 'ip -o -4 addr show scope global']))
        .stdout;
      const [, device = 'eth0'] = /^\d+: ([^\s@]+)/.exec(card) ?? [];
      await sim.inside('a04', ['ip', 'addr', 'add', `${pcOf('a03').ip}/24`, 'dev', device]);
      await meetAll();
      const { report, exitCode } = await discover('lab_a');
      expect(told(report)).toEqual([
        'squatted by-stranger a02',
        'squatted by-registered a03 a04',
        `unregistered stranger ${pcOf('a06').mac}`,
      ]);
      expect(report.findings[0]?.observed).toMatchObject({ ip: pcOf('a02').ip });
      expect(report.findings[0]?.evidence[0]?.place).toMatch(/^entry \d+$/);
      expect(report.findings.every(({ hint }) => hint !== '')).toBe(true);
      expect(exitCode).toBe(2);
    });

    it('takes the strange card for the new card of the PC once the PC was asked itself', async () => {
      expect((await lab('facts', 'a02', '-q')).exitCode).toBe(0);
      const { report } = await discover('lab_a');
      expect(told(report)).toContain('swapped-nic facts a02');
      expect(told(report).filter((text) => text.includes('a02'))).toHaveLength(1);
    });

    it.skipIf(!hasArpScan && !inCi)(
      'finds the same by arp-scan, without having talked to anyone before',
      async () => {
        await sim.exec(['ip', 'neigh', 'flush', 'all']);
        const route = (await sim.exec(['ip', '-o', 'route', 'get', pcOf('a01').ip])).stdout;
        const card = / dev (\S+)/.exec(route)?.[1] ?? '';
        const { report } = await discover(
          'lab_a',
          '--scan',
          '--interface',
          card,
          '--subnet',
          `${pcOf('a01').ip.replace(/\.\d+$/, '')}.0/24`,
        );
        expect(told(report)).toEqual([
          'swapped-nic facts a02',
          'squatted by-registered a03 a04',
          `unregistered stranger ${pcOf('a06').mac}`,
        ]);
        expect(report.sources[0]?.name).toMatch(/^arp-scan /);
      },
    );

    it('reads the same from saved tables, in Chinese too', async () => {
      await meetAll();
      const file = join(state, 'neigh.txt');
      const tables = [
        ['arp', ['cat', '/proc/net/arp']],
        ['ip-neigh', ['ip', 'neigh']],
      ] as const;
      for (const [format, command] of tables) {
        writeFileSync(file, (await sim.exec(command)).stdout);
        const { report, stderr } = await discover('lab_a', '--from', `${format}:${file}`);
        expect(told(report), `${format} ${stderr}`).toContain('squatted by-registered a03 a04');
      }
      const chinese = await lab(
        'inventory',
        'discover',
        'lab_a',
        '--from',
        `ip-neigh:${file}`,
        '--lang',
        'zh-CN',
      );
      expect(chinese.stdout).toContain('地址被占用');
      expect(chinese.stdout).toContain('处理办法');
    });
  },
);
