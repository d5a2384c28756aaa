import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labPath } from '../helpers/lab.ts';
import { describeOnPcs, openSim, type Sim } from '../helpers/sim.ts';

const root = join(import.meta.dirname, '..', '..');
const guides = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

/** The command lines of a guide, as `$ lab ...` in console blocks; `# exit 2` at the end says how one is meant to end. */
function commandsIn(file: string): { line: string; exitCode: number }[] {
  const blocks = readFileSync(join(root, file), 'utf8').matchAll(/```console\n([\s\S]*?)```/g);
  return [...blocks]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.startsWith('$ lab '))
    .map((line) => ({
      line: line.slice(2),
      exitCode: Number(/# exit (\d+)$/.exec(line)?.[1] ?? 0),
    }));
}

const commands = guides.flatMap((guide) =>
  commandsIn(guide).map((command) => ({ guide, ...command })),
);

describe('the guides', () => {
  it('have commands to try', () => {
    expect(new Set(commands.map(({ guide }) => guide)).size).toBeGreaterThanOrEqual(3);
    expect(commands.length).toBeGreaterThan(15);
  });
});

describeOnPcs('every command of the guides', () => {
  let sim: Sim;
  let project: string;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'lab-docs-'));
    sim = await openSim({
      rooms: [
        { name: 'a', pcs: 12 },
        { name: 'b', pcs: 6 },
      ],
    });
    mkdirSync(join(project, 'inventories'));
    copyFileSync(sim.inventoryPath, join(project, 'inventories', 'school.yaml'));
    cpSync(join(root, 'playbooks'), join(project, 'playbooks'), { recursive: true });
    // The simulated PCs know the packages of their own repository only.
    const desktop = join(project, 'playbooks', 'desktop.yml');
    const text = readFileSync(desktop, 'utf8');
    writeFileSync(
      desktop,
      text.replace(/desktop_packages: \[.*\]/, 'desktop_packages: [labkit-chalk]'),
    );
  });
  afterAll(async () => {
    await sim?.close();
    rmSync(project, { recursive: true, force: true });
  });

  it.each(commands)('works as written: $line ($guide)', async ({ line, exitCode }) => {
    const PATH = `${dirname(labPath)}:${process.env['PATH']}`;
    const ran = await sim.exec(['sh', '-c', line], {
      cwd: project,
      env: { PATH, LANG: 'C.UTF-8' },
      timeoutMs: 60_000,
    });
    expect(ran.exitCode, `${ran.stderr}${ran.stdout}`).toBe(exitCode);
    expect(ran.stdout + ran.stderr).not.toBe('');
  });
});
