import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadExtraVars } from '../../src/cli/load-extra-vars.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { isTemplate, isWholeFloat, numberOf } from '../../src/model/play-value.ts';
import { openVault } from '../../src/store/open-vault.ts';
import { encryptVault } from '../../src/store/vault.ts';
import { hasTool } from '../inventory/ansible-tools.ts';
import { messagesOf, writeProject } from '../playbook/ansible-playbook.ts';

const password = { label: 'default', password: Buffer.from('x') };
const vault = openVault([password], () => {});
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-extra-vars-'));
  writeFileSync(join(folder, 'vars.yml'), 'a: 7\nlist: [yes, 010, 1.0, 2020-01-02]\n');
  writeFileSync(join(folder, 'vaulted.yml'), encryptVault(Buffer.from('a: 8\n'), password));
  writeFileSync(join(folder, 'vars.json'), '{"a": 9, "b": {"c": null}}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (...extraVars: string[]) =>
  loadExtraVars({ flags: { extraVars } as never, io: { cwd: folder } as never }, vault);

const words: readonly (readonly string[])[] = [
  ['a=1'],
  ['a=1 b=two'],
  [`a='with space' b="it's"`],
  ['a=b=c'],
  ['a='],
  ['a=true b=no'],
  ['{"a": 1, "b": true, "c": [1, "2"]}'],
  ['{a: 1, b: yes, c: 0644}'],
  ['a=1', 'a=2'],
  ['a=1', '{"a": 2}', 'b=3'],
  ['@vars.yml'],
  ['@vars.json', 'b=1'],
  ['a=x\\ty'],
];

describe('extra variables', () => {
  it('written as k=v are text, and templates where they hold Jinja2', async () => {
    const vars = await load('a=1 b="{{ c }}"');
    expect(vars['a']).toBe('1');
    expect(isTemplate(vars['b'])).toBe(true);
  });

  it('are read from an encrypted file', async () => {
    expect(await load('@vaulted.yml')).toEqual({ a: 8 });
  });

  it.each(['word', 'a=1 word', 'a="b', '[1, 2]', './vars.yml', '@missing.yml', '{a: 1', '{a'])(
    'are refused as %s',
    async (word) => {
      await expect(load(word)).rejects.toBeInstanceOf(LabError);
    },
  );
});

describe.skipIf(!hasTool('ansible-playbook'))('beside ansible-playbook', () => {
  it.each(words.map((args) => [args]))('has the same values for %j', async (args) => {
    const vars = await load(...args);
    const names = Object.keys(vars);
    expect(names.length).toBeGreaterThan(0);
    const msg = Object.fromEntries(names.map((name) => [name, `{{ ${name} | to_json }}`]));
    await writeProject(folder, {
      'play.yml': [{ hosts: 'localhost', gather_facts: false, tasks: [{ debug: { msg } }] }],
    });
    const flags = args.flatMap((word) => ['-e', word]);
    const [said] = await messagesOf(folder, [...flags, 'play.yml'], 'localhost');
    const ours = JSON.parse(
      JSON.stringify(vars, (_, value) => (isWholeFloat(value) ? numberOf(value) : value)),
    );
    const theirs = Object.entries(said as { [name: string]: string }).map(
      ([name, text]) => [name, JSON.parse(text)] as const,
    );
    expect(ours).toEqual(Object.fromEntries(theirs));
  });
});
