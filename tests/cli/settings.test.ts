import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettingsFile } from '../../src/cli/settings-file.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { runLab } from '../helpers/memory-io.ts';

/** The places and messages of what is wrong with a lab.yaml. */
function problemsIn(text: string): string[] {
  try {
    readSettingsFile('lab.yaml', text);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.kind).toBe('input');
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

describe('lab.yaml', () => {
  it('says what stands over the register, and after how many days an owner is confirmed anew', () => {
    const text = `inventory: [a, b]
state: var
lang: zh-CN
registry:
  unit: 第一中学
  filing_numbers: [鲁ICP备1号, "0117"]
  citation: 公安部令第82号
  confirm_days: 180
`;
    expect(readSettingsFile('lab.yaml', text)).toEqual({
      inventory: ['a', 'b'],
      state: 'var',
      lang: 'zh-CN',
      registry: {
        unit: '第一中学',
        filingNumbers: ['鲁ICP备1号', '0117'],
        citation: '公安部令第82号',
        confirmDays: 180,
      },
    });
  });

  it('may say nothing at all', () => {
    for (const text of ['', '# later\n', 'registry: {}\n'])
      expect(readSettingsFile('lab.yaml', text)).toEqual({
        registry: { unit: '', filingNumbers: [], citation: '', confirmDays: 365 },
      });
  });

  it('takes one filing number or one inventory without a list', () => {
    const read = readSettingsFile('lab.yaml', 'inventory: a\nregistry: { filing_numbers: "1" }\n');
    expect([read.inventory, read.registry.filingNumbers]).toEqual([['a'], ['1']]);
  });

  it('says how PCs of a model get from the network boot to their disk', () => {
    const read = readSettingsFile(
      'lab.yaml',
      'netboot:\n  local_boot:\n    OptiPlex 3070: exit\n    "10T7": sanboot\n',
    );
    expect([...(read.localBoots ?? [])]).toEqual([
      ['OptiPlex 3070', 'exit'],
      ['10T7', 'sanboot'],
    ]);
    const bad = 'netboot:\n  local_boot:\n    OptiPlex 3070: refind\n    10T7: exit\n  menu: x\n';
    expect(problemsIn(bad)).toEqual([
      '3:20 "netboot.local_boot.OptiPlex 3070" must be one of exit, sanboot, grub, reboot',
      '5:3 unknown setting "netboot.menu"',
    ]);
    expect(problemsIn('netboot: { local_boot: exit }\n')).toEqual([
      '1:24 "netboot.local_boot" must be a mapping of models',
    ]);
  });

  it('is refused for keys that nobody knows, at each depth, with their places', () => {
    expect(problemsIn('invnetory: a\nregistry:\n  confirm-days: 3\n  unit: X\n')).toEqual([
      '1:1 unknown setting "invnetory"',
      '3:3 unknown setting "registry.confirm-days"',
    ]);
  });

  it('is refused for values that cannot be meant, all at once', () => {
    const bad = 'lang: fr\nstate: [a]\nregistry:\n  unit: [a]\n  citation: {}\n  confirm_days: 0\n';
    expect(problemsIn(bad)).toEqual([
      '1:7 "lang" must be en or zh-CN',
      '2:8 "state" must be a folder',
      '4:9 "registry.unit" must be a text',
      '5:13 "registry.citation" must be a text',
      '6:17 "registry.confirm_days" must be a whole number of days, 1 to 3650',
    ]);
    expect(problemsIn('registry: school\n')).toEqual(['1:11 "registry" must be a mapping']);
  });

  it.each(['3651', '-1', '1.5', '1e3', '09', 'year', ''])(
    'takes no "%s" for a number of days',
    (days) => {
      expect(problemsIn(`registry: { confirm_days: "${days}" }\n`)).toHaveLength(1);
    },
  );
});

describe('a project with a broken lab.yaml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is told the file, the place and what is known instead', async () => {
    writeFileSync(join(folder, 'lab.yaml'), 'registry:\n  units: X\n');
    const { exitCode, stderr } = await runLab(['inventory', 'list'], { cwd: folder });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('lab.yaml:2:3');
    expect(stderr).toContain('registry.filing_numbers');
  });
});
