import { join } from 'node:path';
import { describe, it } from 'vitest';
import { renderAnsibleList } from '../../src/inventory/render-ansible.ts';
import { hasTool, listWithAnsible } from './ansible-tools.ts';
import { corpus, loadRaw } from './load-raw.ts';

/** Inventories that lean on one thing each; the paths are what stands behind -i. */
const cases: { readonly [title: string]: readonly string[] } = {
  'rooms, nested variables and block texts': ['yaml-basic/hosts.yaml'],
  'ranges with padding, steps, letters and ports': ['yaml-ranges/hosts.yaml'],
  'YAML 1.1 scalars of every kind': ['yaml-scalars/hosts.yaml'],
  'anchors, aliases and merge keys': ['yaml-anchors/hosts.yaml'],
  'vaulted and unsafe values': ['yaml-vault/hosts.yaml'],
  'deep nesting, diamonds and shallow rivals': ['yaml-deep/hosts.yaml'],
  'group priorities': ['yaml-priorities/hosts.yaml'],
  'null, text and empty sections': ['yaml-odd-shapes/hosts.yaml'],
  'a handwritten INI file': ['ini-basic/hosts'],
  'INI values typed as Python literals': ['ini-typing/hosts.ini'],
  'INI quoting and comments': ['ini-quoting/hosts'],
  'INI groups named before they are declared': ['ini-forward/hosts'],
  'group_vars and host_vars as files and folders': ['group-vars/hosts.yaml'],
  'a folder with files to ignore and subfolders': ['folder/hosts'],
  'several sources, each with its own group_vars': ['several/one/hosts.yaml', 'several/two/hosts'],
  'the same sources the other way round': ['several/two/hosts', 'several/one/hosts.yaml'],
  'two files of one folder': ['same-folder/a.yaml', 'same-folder/b.yaml'],
  'the same two files the other way round': ['same-folder/b.yaml', 'same-folder/a.yaml'],
  'names in Chinese and Cyrillic, BOM and CRLF': ['unicode'],
  'hosts that are in no group, or leave ungrouped later': ['ungrouped'],
  'JSON with tabs and JSON numbers': ['json/hosts.json'],
  'a host and a group of one name': ['namesakes/hosts.yaml'],
  'addresses, ports and odd names as hosts': ['addresses/hosts.yaml'],
  'files without extension': ['no-extension'],
};

describe.skipIf(!hasTool('ansible-inventory')).concurrent('beside ansible-inventory --list', () => {
  it.for(Object.entries(cases))(
    'hosts, groups and variables are the same: %s',
    async ([, names], { expect }) => {
      const paths = names.map((name) => join(corpus, name));
      const [{ raw, problems }, theirs] = await Promise.all([
        loadRaw(paths),
        listWithAnsible(paths),
      ]);
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(JSON.parse(JSON.stringify(renderAnsibleList(raw)))).toEqual(theirs);
      expect(raw.hosts.size).toBeGreaterThan(0);
    },
  );
});
