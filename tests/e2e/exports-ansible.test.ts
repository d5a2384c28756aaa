import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import ansible from '../../src/catalog/exports/ansible.ts';
import ansibleIni from '../../src/catalog/exports/ansible-ini.ts';
import { textVars } from '../../src/catalog/text-vars.ts';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import type { AnyExport } from '../../src/model/export.ts';
import type { Host, Inventory } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { hasTool, listWithAnsible } from '../inventory/ansible-tools.ts';
import { corpus, loadRaw } from '../inventory/load-raw.ts';

const folder = mkdtempSync(join(tmpdir(), 'labkit-ansible-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const school = join(import.meta.dirname, '..', '..', 'inventories', 'school.yaml');

/** Inventories that lean on one thing each, and what stands in the way of writing them, where something does. */
const cases: { readonly [path: string]: { readonly ini?: RegExp; readonly both?: RegExp } } = {
  [school]: {},
  'yaml-basic/hosts.yaml': {},
  'yaml-ranges/hosts.yaml': {},
  'yaml-scalars/hosts.yaml': {},
  'yaml-anchors/hosts.yaml': {},
  'yaml-vault/hosts.yaml': { ini: /not-in-ini/ },
  'yaml-deep/hosts.yaml': {},
  'yaml-priorities/hosts.yaml': {},
  'ini-basic/hosts': {},
  'ini-typing/hosts.ini': {},
  'ini-quoting/hosts': { both: /bad-host-name/ },
  'group-vars/hosts.yaml': {},
  'folder/hosts': {},
  unicode: {},
};

async function load(path: string): Promise<Inventory> {
  const { raw } = await loadRaw([path]);
  return resolveInventory(raw).inventory;
}

function write(entry: AnyExport, inventory: Inventory, hosts = inventory.hosts): string | LabError {
  try {
    return entry.write(hosts, {}, { inventory, at: '' }) as string;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

/** What a host is, without where it was written; numbers that are meant as texts are texts in what is exported. */
function plain(host: Host): object {
  const { at, originOf, room, ...rest } = host;
  const vars = textVars(host);
  const { at: place, ...said } = room ?? { at };
  expect([at.line, place.line, typeof originOf]).toBeDefined();
  return JSON.parse(JSON.stringify({ ...rest, vars, room: said }));
}

/** Hosts by name, as Labkit reads them. */
function byName(hosts: readonly Host[]): object {
  return Object.fromEntries(hosts.map((host) => [host.name, plain(host)]));
}

const exports = [ansible, ansibleIni] as const;

describe.each(exports)('the export $name', (entry) => {
  it.each(Object.entries(cases))('gives Labkit the same hosts again: %s', async (path, refused) => {
    const inventory = await load(resolve(corpus, path));
    const written = write(entry, inventory);
    const why = entry === ansibleIni ? (refused.ini ?? refused.both) : refused.both;
    if (why) {
      expect((written as LabError).problems.map(({ rule }) => rule).join()).toMatch(why);
      return;
    }
    expect(written).not.toBeInstanceOf(LabError);
    const file = join(folder, `again.${entry.extension}`);
    writeFileSync(file, written as string);
    const again = await load(file);
    expect(byName(again.hosts)).toEqual(byName(inventory.hosts));
    expect(again.rooms.map(({ name }) => name)).toEqual(inventory.rooms.map(({ name }) => name));
  });
});

describe.skipIf(!hasTool('ansible-inventory')).concurrent.each(exports)(
  'beside ansible-inventory --list, the export $name',
  (entry) => {
    const names = Object.entries(cases).filter(
      ([, { ini, both }]) => !both && (entry === ansible || !ini),
    );
    it.for(names)(
      'gives Ansible the same groups, hosts and variables: %s',
      async ([path], { expect }) => {
        const source = resolve(corpus, path);
        const inventory = await load(source);
        const file = join(
          folder,
          `${names.findIndex(([name]) => name === path)}.${entry.extension}`,
        );
        writeFileSync(file, write(entry, inventory) as string);
        const [theirs, ours] = await Promise.all([
          listWithAnsible([source]),
          listWithAnsible([file]),
        ]);
        expect(groupsOf(ours)).toEqual(groupsOf(theirs));
        const meant = inventory.hosts
          .map((host) => [host.name, JSON.parse(JSON.stringify(textVars(host)))] as const)
          .filter(([, vars]) => Object.keys(vars).length > 0);
        expect(varsOf(ours)).toEqual(Object.fromEntries(meant));
        expect(Object.keys(varsOf(theirs)).length).toBeGreaterThan(0);
      },
    );
  },
);

type Listed = { readonly [group: string]: object };

/** Members by group, in no order: which groups are there, what is in them. */
function groupsOf(listed: unknown): object {
  const { _meta: _, ...groups } = listed as Listed;
  return Object.fromEntries(
    Object.entries(groups).map(([name, members]) => [
      name,
      Object.fromEntries(
        Object.entries(members).map(([kind, items]: [string, string[]]) => [
          kind,
          [...items].sort(),
        ]),
      ),
    ]),
  );
}

/** Variables by host; hosts without any are not listed by Ansible. */
function varsOf(listed: unknown): { readonly [host: string]: object } {
  const { _meta: meta } = listed as { _meta: { hostvars: { [host: string]: object } } };
  return meta.hostvars;
}
