import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/cli/find-command.ts';

const program = join(import.meta.dirname, '..', '..', 'src');
const find = (...argv: string[]) => findCommand(argv, program);

describe('findCommand', () => {
  it.each([
    [['inventory', 'list', 'lab_a'], 'inventory-list', ['lab_a']],
    [['check', 'all', '--suite', 'daily'], 'check', ['all', '--suite', 'daily']],
    [['-i', 'school.yaml', 'check', 'all'], 'check', ['-i', 'school.yaml', 'all']],
    [
      ['--lang', 'zh-CN', 'inventory', '-o', 'json', 'list'],
      'inventory-list',
      ['--lang', 'zh-CN', '-o', 'json'],
    ],
    [['run', 'all', '--', 'inventory', 'list'], 'run', ['all', '--', 'inventory', 'list']],
    [['help', 'inventory', 'show'], 'inventory-show', ['--help']],
  ])('finds the command in %j', async (argv, name, args) => {
    expect(await find(...argv)).toEqual({ kind: 'command', name, args });
  });

  it('shows an overview when no command is named, or only the first word of several', async () => {
    expect(await find()).toEqual({ kind: 'overview', group: '' });
    expect(await find('--help')).toEqual({ kind: 'overview', group: '' });
    expect(await find('inventory', '--help')).toEqual({ kind: 'overview', group: 'inventory' });
    expect(await find('--version')).toEqual({ kind: 'version' });
  });

  it('refuses an unknown command and names the one that was probably meant', async () => {
    await expect(find('chek', 'all')).rejects.toMatchObject({
      kind: 'usage',
      hint: 'did you mean "lab check"?',
    });
    await expect(find('inventory', 'lst')).rejects.toMatchObject({
      kind: 'usage',
      hint: 'did you mean "lab inventory list"?',
    });
  });

  it.each(['-f', '--forks', '--state', '--connection-password-file', '-u'])(
    'takes what follows %s for its value, not for a command',
    async (flag) => {
      expect(await find(flag, 'check', 'check', 'all')).toEqual({
        kind: 'command',
        name: 'check',
        args: [flag, 'check', 'all'],
      });
    },
  );

  it.each(['-b', '-q', '--ask-pass', '--forks=8'])(
    'takes nothing after %s for its value',
    async (flag) => {
      expect(await find(flag, 'check', 'all')).toEqual({
        kind: 'command',
        name: 'check',
        args: [flag, 'all'],
      });
    },
  );
});
