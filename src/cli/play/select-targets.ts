import { makeImplicitHost } from '../../engine/play/implicit-host.ts';
import type { RunState, Waves } from '../../engine/play/rim.ts';
import { mayGrow } from '../../engine/play/target-plays.ts';
import type { Host, Inventory } from '../../model/host.ts';
import { isTemplate, type PlayValue, type Templar } from '../../model/play-value.ts';
import type { LoadedPlaybook, Play } from '../../model/playbook.ts';
import { digestFiles } from '../../store/canaries.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { selectTargets, selectWithin } from '../load-hosts.ts';
import { openProjectStore } from '../open-store.ts';
import { orderCanaries, readWaves } from './read-waves.ts';

/** The hosts of a playbook run. */
export interface Targets {
  /** Hosts of a play's pattern within `--limit`, canaries first; throws LabError 'usage' for a pattern that means nobody. */
  select(pattern: string): readonly Host[];
  /** The same for a list, where hosts and groups that plays may make are not there yet. */
  foresee(pattern: string): readonly Host[];
  /** Hosts of all plays whose pattern is known before they start. */
  readonly all: readonly Host[];
  readonly waves?: Waves;
  /** SHA-256 of the playbook's files. */
  readonly digest: string;
  /** Remembers on which models the canaries passed; does nothing without canaries. */
  rememberCanaries(outcomes: ReadonlyMap<string, string>, run: string): void;
}

const ownNames = new Set(['localhost', '127.0.0.1']);

/** Finds out whom a playbook is for, before any host is touched. */
export async function openTargets(
  context: Context,
  parts: {
    readonly inventory: Inventory;
    readonly loaded: LoadedPlaybook;
    readonly options: CommandOptions;
    readonly templar: Templar;
    readonly state: RunState;
  },
): Promise<Targets> {
  const { inventory, loaded, options, state } = parts;
  const asked = readWaves(options);
  const digest = await digestFiles(loaded.files);
  const store = await openProjectStore(context);
  const passed = store.loadPassedModels(digest);
  const count = options['canary'] === undefined ? 0 : Number(options['canary']);
  const choose = (pattern: string): readonly Host[] => {
    if (ownNames.has(pattern) && !state.hosts.has(pattern)) return [makeImplicitHost(pattern)];
    const chosen = selectWithin(context, grown(inventory, state), pattern);
    return chosen.flatMap(({ name }) => state.hosts.get(name)?.host ?? []);
  };
  const select = (pattern: string): readonly Host[] =>
    count === 0 ? choose(pattern) : orderCanaries(choose(pattern), count, passed).hosts;
  const plays = foreseen(loaded);
  const patterns = plays.map(({ hosts }) => patternOf(hosts)).filter((text) => text !== undefined);
  const all = [...new Map(patterns.flatMap(select).map((host) => [host.name, host])).values()];
  // A limit may well leave out the hosts of one play, but not those of all.
  if (all.length === 0) for (const pattern of patterns) selectTargets(context, inventory, pattern);
  const { canaries } = orderCanaries(all, count, passed);
  const first = all.slice(0, canaries);
  return {
    select,
    foresee(pattern) {
      const isKnown = plays.length === loaded.playbook.plays.length || patterns.includes(pattern);
      return isKnown ? select(pattern) : [];
    },
    all,
    digest,
    ...(asked && { waves: withCanaries(asked, count, canaries) }),
    rememberCanaries(outcomes, run) {
      const isWell = ({ name }: Host): boolean =>
        ['ok', 'changed'].includes(outcomes.get(name) ?? '');
      const models = [...new Set(first.map(({ model }) => model))].filter((model) =>
        first.every((host) => host.model !== model || isWell(host)),
      );
      if (models.length > 0) store.savePassedModels(digest, models, run);
    },
  };
}

/** The inventory with the hosts and groups that plays made meanwhile. */
function grown(inventory: Inventory, { hosts, groups }: RunState): Inventory {
  const isSame = hosts.size === inventory.hosts.length && groups.size === inventory.groups.length;
  if (isSame) return inventory;
  return {
    ...inventory,
    hosts: [...hosts.values()].map(({ host }) => host),
    groups: [...groups].map(([name, members]) => ({
      ...{ name, children: [], hosts: members, vars: {} },
    })),
  };
}

/** The plays whose hosts are there before they start: an earlier one may make hosts and groups. */
function foreseen({ playbook: { plays } }: LoadedPlaybook): readonly Play[] {
  const grower = plays.findIndex(mayGrow);
  return grower === -1 ? plays : plays.slice(0, grower + 1);
}

/** The first wave are the canaries that are really needed; none, when the playbook has passed on every model. */
function withCanaries(asked: Waves, count: number, canaries: number): Waves {
  if (count === 0) return asked;
  const rest = asked.sizes.slice(1);
  return { ...asked, sizes: canaries === 0 ? rest : [canaries, ...rest] };
}

/** A play's pattern where it is written out; lists are joined as Ansible does. */
function patternOf(hosts: PlayValue): string | undefined {
  if (isTemplate(hosts)) return undefined;
  if (Array.isArray(hosts)) return hosts.some(isTemplate) ? undefined : hosts.map(String).join(',');
  return String(hosts);
}
