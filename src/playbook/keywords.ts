import { entryOf, type LocatedMap } from '../model/located.ts';
import { isPlayMapping, isTemplate, type PlayValue, type PlayVars } from '../model/play-value.ts';
import type { Keywords } from '../model/playbook.ts';
import { readConditions } from './conditions.ts';
import { hintFor, listWords } from './hint-for.ts';
import { type PlayLoading, reportTo } from './loading.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { readKeyword, readNumber, readTruth, readWord } from './read-keyword.ts';
import { readTags } from './read-tags.ts';
import { readVars } from './read-vars.ts';
import { refuseUnsupported } from './refuse-words.ts';

/** What holds where nothing is written. */
export const noKeywords: Keywords = {
  environment: [],
  moduleDefaults: new Map(),
  when: [],
  tags: [],
  vars: [],
};

const truths = [
  ['become', 'become'],
  ['no_log', 'noLog'],
  ['check_mode', 'checkMode'],
  ['diff', 'diff'],
  ['ignore_errors', 'ignoreErrors'],
  ['ignore_unreachable', 'ignoreUnreachable'],
  ['any_errors_fatal', 'anyErrorsFatal'],
  ['delegate_facts', 'delegateFacts'],
  ['run_once', 'runOnce'],
] as const;
const numbers = [
  ['port', 'port'],
  ['throttle', 'throttle'],
  ['timeout', 'timeout'],
] as const;
const words = [
  ['become_user', 'becomeUser'],
  ['become_flags', 'becomeFlags'],
  ['remote_user', 'remoteUser'],
  ['delegate_to', 'delegateTo'],
] as const;

/** Keywords as they hold below a mapping: its own win, and conditions, tags, environments and variables join those around it. */
export function extendKeywords(
  around: Keywords,
  node: LocatedMap,
  play: PlayLoading,
  options: { readonly withVars: boolean },
): Keywords {
  const own: Record<string, PlayValue> = {};
  for (const [word, name] of truths) keep(own, name, readTruth(node, word, play));
  for (const [word, name] of numbers) keep(own, name, readNumber(node, word, play));
  for (const [word, name] of words) keep(own, name, readWord(node, word, play));
  keep(own, 'becomeMethod', readBecomeMethod(node, play));
  keep(own, 'connection', readConnection(node, play));
  refuseUnsupported(node, play);
  const vars = options.withVars ? readVars(node, play) : undefined;
  const when = entryOf(node, 'when');
  return {
    ...around,
    ...own,
    environment: [...around.environment, ...readEnvironment(node, play)],
    moduleDefaults: readModuleDefaults(around.moduleDefaults, node, play),
    when: when ? [...around.when, ...readConditions(when.value, 'when', play)] : around.when,
    tags: [...new Set([...around.tags, ...readTags(node, play)])],
    vars: vars ? [...around.vars, vars] : around.vars,
  };
}

function keep(own: Record<string, PlayValue>, name: string, value: PlayValue | undefined): void {
  if (value !== undefined) own[name] = value;
}

function readBecomeMethod(node: LocatedMap, play: PlayLoading): PlayValue | undefined {
  const value = readWord(node, 'become_method', play);
  if (typeof value !== 'string' || ['sudo', 'ansible.builtin.sudo'].includes(value)) return value;
  const at = entryOf(node, 'become_method')?.value ?? node;
  const why =
    value === 'runas' ? 'runas belongs to Windows, which comes later' : 'only sudo is known';
  reportTo(play.loading)(
    at,
    'become-method',
    `become_method "${value}" is not supported: ${why}`,
    'write become_method: sudo, or leave it out',
  );
  return undefined;
}

const connections = ['local', 'ssh', 'winrm'];

function readConnection(node: LocatedMap, play: PlayLoading): PlayValue | undefined {
  const value = readWord(node, 'connection', play);
  if (typeof value !== 'string') return value;
  const short = value.replace(/^ansible\.(?:builtin|legacy)\./, '');
  if (short === 'smart' || short === 'paramiko' || short === 'paramiko_ssh') return 'ssh';
  if (connections.includes(short)) return short;
  const at = entryOf(node, 'connection')?.value ?? node;
  const hint = hintFor(short, connections, listWords(connections));
  reportTo(play.loading)(at, 'unknown-connection', `there is no connection "${value}"`, hint);
  return undefined;
}

function readEnvironment(node: LocatedMap, play: PlayLoading): readonly PlayValue[] {
  const found = readKeyword(node, 'environment', play);
  if (found === undefined) return [];
  const items = Array.isArray(found.value) ? (found.value as readonly PlayValue[]) : [found.value];
  if (items.every((item) => isTemplate(item) || isPlayMapping(item))) return items;
  reportTo(play.loading)(
    found.node,
    'bad-value',
    '"environment" must be a mapping',
    'write NAME: value below it',
  );
  return [];
}

/** Variables of all levels in one mapping, nearer ones winning. */
export function joinVars(levels: readonly PlayVars[]): PlayVars {
  return Object.assign(Object.create(null) as Record<string, PlayValue>, ...levels) as PlayVars;
}
