import { entryOf, type LocatedMap } from '../model/located.ts';
import { isPlayMapping, type PlayVars } from '../model/play-value.ts';
import type { Keywords } from '../model/playbook.ts';
import { hintFor } from './hint-for.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';
import { resolveAction } from './module-index.ts';

/** `module_defaults:` joined to those around it, by the modules' full names; a nearer one replaces the whole mapping of a module, as in Ansible. */
export function readModuleDefaults(
  around: Keywords['moduleDefaults'],
  node: LocatedMap,
  play: PlayLoading,
): Keywords['moduleDefaults'] {
  const entry = entryOf(node, 'module_defaults');
  if (!entry || isNothing(entry.value)) return around;
  const report = reportTo(play.loading);
  const own = new Map<string, PlayVars>();
  const maps = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  for (const map of maps) {
    if (map.kind !== 'map') {
      report(
        map,
        'bad-value',
        '"module_defaults" must be a mapping',
        'write module: { argument: value } below it',
      );
      continue;
    }
    for (const { key, value } of map.entries) {
      const action = resolveAction(key.text, play.loading.modules);
      const args = readValue(value, play);
      if (action?.kind !== 'module')
        report(
          key,
          'unknown-module',
          `there is no module "${key.text}"`,
          hintFor(
            key.text,
            play.loading.modules.byName.keys(),
            'groups of modules are not supported',
          ),
        );
      else if (isPlayMapping(args)) own.set(action.name, args);
      else
        report(
          value,
          'bad-value',
          `the defaults of ${key.text} must be a mapping`,
          'write argument: value below it',
        );
    }
  }
  return new Map([...around, ...own]);
}
