import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeScriptCommand } from '../../src/engine/script-command.ts';

function run(text: string, args: readonly string[]): { status: number | null; stdout: string } {
  const { script } = makeScriptCommand(text, 'tidy', args);
  const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  return { status, stdout };
}

describe('makeScriptCommand', () => {
  it('hands arguments to a sh script exactly as they were typed', () => {
    const args = ['a b', "it's", '$HOME', '', '-n', '计算机'];
    expect(run('for each; do printf "[%s]" "$each"; done', args).stdout).toBe(args.map((each) => `[${each}]`).join(''));
  });

  it('obeys the interpreter a script names, and its exit code comes back', () => {
    const text = "#!/usr/bin/env bash\nnames=(x 'y z')\necho \"${names[1]} $1\"\nexit 7\n";
    expect(run(text, ['$(id)'])).toEqual({ status: 7, stdout: 'y z $(id)\n' });
  });

  it('leaves no file behind', () => {
    const file = run('#!/bin/bash\nprintf %s "$0"\n', []).stdout;
    expect(file).toMatch(/^\/tmp\//);
    expect(spawnSync('test', ['-e', file]).status).toBe(1);
  });

  it('shows the name and the arguments, not the text', () => {
    expect(makeScriptCommand('echo secret', 'tidy.sh', ['a b']).shown).toBe("tidy.sh 'a b'");
  });
});
