import type { Body, Expression } from './syntax.ts';
import { visitBody, visitExpression } from './visit.ts';

/** Every name that is looked up in statements, its own ones included. */
export function namesOfBody(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  visitBody(body, (node) => {
    if (node.kind === 'name') names.add(node.name);
  });
  return names;
}

/** What makes a template look at more than can be told from its text. */
const dumping: ReadonlySet<string> = new Set(['vars', 'varnames', 'hostvars', 'ansible_facts']);

/** The names a parsed template may look up; 'all' when that cannot be told. */
export function freeNames(root: Body | Expression): ReadonlySet<string> | 'all' {
  const names = new Set<string>();
  const understood = new Set<Expression>();
  let isAll = false;
  const see = (node: Expression): void => {
    for (const name of readAccess(node, understood)) names.add(name);
    if (node.kind === 'name') names.add(node.name);
    if (node.kind === 'const' && isFactName(node.value)) names.add(String(node.value));
    isAll ||= isDump(node, understood) || (node.kind === 'call' && looksUpAnything(node, names));
  };
  if (Array.isArray(root))
    visitBody(root as Body, see, () => {
      isAll = true;
    });
  else visitExpression(root as Expression, see);
  return isAll ? 'all' : names;
}

function isFactName(value: unknown): boolean {
  return typeof value === 'string' && /^ansible_\w+$/.test(value);
}

function isDump(node: Expression, understood: ReadonlySet<Expression>): boolean {
  return node.kind === 'name' && dumping.has(node.name) && !understood.has(node);
}

/** The constant key of `object.key` and `object['key']`. */
function keyOf(node: Expression): string | undefined {
  if (node.kind === 'attribute') return node.name;
  if (node.kind !== 'item' || node.index.kind !== 'const') return undefined;
  return typeof node.index.value === 'string' ? node.index.value : undefined;
}

function isName(node: Expression, name: string): boolean {
  return (node.kind === 'name' && node.name === name) || keyOf(node) === name;
}

/** Names that an access by a constant key stands for: facts, variables of other hosts. */
function readAccess(node: Expression, understood: Set<Expression>): string[] {
  if (node.kind === 'filter') return readExtract(node, understood);
  if (node.kind !== 'attribute' && node.kind !== 'item') return [];
  const { object } = node;
  const key = keyOf(node);
  if (key === undefined) return [];
  if (isName(object, 'ansible_facts')) {
    understood.add(object);
    return [key, `ansible_${key}`];
  }
  if (isName(object, 'vars')) {
    understood.add(object);
    return [key];
  }
  if (
    (object.kind === 'item' || object.kind === 'attribute') &&
    isName(object.object, 'hostvars')
  ) {
    understood.add(object.object);
    return key === 'ansible_facts' ? [] : [key];
  }
  return key.startsWith('ansible_') ? [key] : [];
}

/** `host | extract(hostvars, 'name')` and `hosts | map('extract', hostvars, 'name')`. */
function readExtract(
  node: Extract<Expression, { kind: 'filter' }>,
  understood: Set<Expression>,
): string[] {
  const { positional } = node.args;
  const [first, second] = positional;
  const isMap = node.name === 'map' && first?.kind === 'const' && first.value === 'extract';
  const container = node.name === 'extract' ? first : isMap ? second : undefined;
  const key = node.name === 'extract' ? second : isMap ? positional[2] : undefined;
  const name = key?.kind === 'list' ? key.items[0] : key;
  if (!container || !isName(container, 'hostvars') || name?.kind !== 'const') return [];
  understood.add(container);
  return [String(name.value)];
}

/** `lookup('vars', 'name')` names it; with another name than a constant it may be any, and a template's file may use any. */
function looksUpAnything(node: Extract<Expression, { kind: 'call' }>, names: Set<string>): boolean {
  if (node.callee.kind !== 'name' || !/^(?:lookup|query|q)$/.test(node.callee.name)) return false;
  const [plugin, ...rest] = node.args.positional;
  if (plugin?.kind !== 'const' || typeof plugin.value !== 'string') return true;
  const name = plugin.value.replace(/^.*\./, '');
  if (name === 'template' || name === 'varnames') return true;
  if (name !== 'vars') return false;
  for (const item of rest) {
    if (item.kind !== 'const') return true;
    names.add(String(item.value));
  }
  return false;
}
