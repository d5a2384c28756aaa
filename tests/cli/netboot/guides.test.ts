import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../../helpers/memory-io.ts';

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lab-guides-'));
  mkdirSync(join(project, 'inventories'));
  mkdirSync(join(project, 'playbooks', 'profiles'), { recursive: true });
  writeFileSync(join(project, 'lab.yaml'), 'lang: en\n');
  writeFileSync(join(project, 'inventories', 'school.yaml'), yamlOf('reinstall.md'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));
const lab = (...args: string[]) => runLab(args, { cwd: project });

/** The first YAML that a guide shows. */
function yamlOf(guide: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../../docs', guide), 'utf8');
  return /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
}

describe('what the guides tell to write', () => {
  it('is an inventory without a single problem', async () => {
    expect(await lab('inventory', 'validate', '--strict')).toMatchObject({
      ...{ exitCode: 0, stdout: 'No problems in 1 file with 1 host.\n' },
    });
    const { stdout } = await lab('netboot', 'preview', 'a01', '--firmware', 'bios');
    expect(stdout).toContain('profile  debian-12   by profile: debian-12, inventories/school.yaml');
  });

  it('is a profile that Labkit takes, with its pin', async () => {
    const file = join(project, 'playbooks', 'profiles', 'lab-pc.yaml');
    writeFileSync(file, yamlOf('profiles.md'));
    const listed = await lab('netboot', 'assets', 'list', '--profile', 'lab-pc', '-o', 'json');
    expect(listed.exitCode, listed.stderr).toBe(0);
    expect(JSON.parse(listed.stdout).assets[0]).toMatchObject({
      ...{ profile: 'lab-pc', asset: 'vmlinuz', state: 'missing' },
      sha256: expect.stringMatching(/^0f0e/),
    });
  });
});
