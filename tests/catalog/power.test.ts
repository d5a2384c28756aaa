import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadEntry } from '../../src/cli/catalog.ts';
import { readOptions } from '../../src/model/options.ts';
import type { AnyPower, PowerAction, PowerAnswer, PowerTurn } from '../../src/model/power.ts';
import type { Vars } from '../../src/model/value.ts';
import { makeHost } from '../helpers/make-host.ts';

interface Conversation {
  readonly action: PowerAction;
  readonly host: { name?: string; mac: string; macs: readonly string[]; subnet: string };
  readonly options: Vars;
  readonly turns: readonly { readonly [key: string]: unknown }[];
}

const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'power');
const cases = readdirSync(fixtures).flatMap((name) =>
  readdirSync(join(fixtures, name)).map((file) => ({ name, file })),
);

function hostOf({ name = 'a01', mac, macs, subnet }: Conversation['host']) {
  const at = { file: 'inventory.yaml', line: 1, column: 1 };
  const room = { name: 'lab_a', title: '', kind: '', maintainer: '', subnet, gateway: '' };
  return makeHost(name, {
    mac,
    macs: macs.map((addr, index) => ({ addr, role: 'wired', primary: index === 0 })),
    room: { ...room, vlan: '', columns: 0, lessons: null, at },
  });
}

/** A turn as the fixtures write it. */
function shown(turn: PowerTurn): { readonly [key: string]: unknown } {
  if ('done' in turn) return { done: turn.done };
  if ('failed' in turn) return { failed: turn.failed };
  const { deed } = turn;
  if (deed.kind === 'call') return { call: [deed.program, ...deed.args].join(' ') };
  if (deed.kind === 'ask') return { ask: deed.command.script };
  const { payload, addresses, port } = deed;
  expect(payload.length).toBe(6 + 16 * 6);
  return { send: Buffer.from(payload.subarray(0, 12)).toString('hex'), to: addresses, port };
}

describe('ways to switch PCs', () => {
  it.each(cases)('$name follows the conversation of $file', async ({ name, file }) => {
    const power = await loadEntry<AnyPower>(program, 'catalog/power', name);
    const { action, host, options, turns }: Conversation = parse(
      readFileSync(join(fixtures, name, file), 'utf8'),
    );
    const read = readOptions(power.options, options);
    expect(read.problems).toEqual([]);
    const answers: PowerAnswer[] = [];
    for (const wanted of turns) {
      if ('answer' in wanted) {
        answers.push({
          stdout: '',
          stderr: '',
          ...(wanted['answer'] as Pick<PowerAnswer, 'exitCode'>),
        });
        continue;
      }
      const found = shown(
        power.turn(action, { host: hostOf(host), options: read.options, answers }),
      );
      if (typeof wanted['ask'] === 'string') expect(found['ask']).toContain(wanted['ask']);
      else expect(found).toEqual(wanted);
    }
  });
});
