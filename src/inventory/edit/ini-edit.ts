import { LabError } from '../../model/lab-error.ts';
import type { Assignment, InventoryFile, RawHost, RawInventory } from '../raw.ts';
import { splitShellWords } from '../shell-words.ts';
import type { Change } from './change.ts';
import { endOfLine, type Splice, startOfLine } from './splice.ts';
import { writeScalar } from './write-scalar.ts';

/** Plans the splices that change variables on a host's line of an INI inventory; `inventory` is what the file says. */
export function planIniEdit(
  file: InventoryFile,
  host: string,
  changes: readonly Change[],
  inventory: RawInventory,
): readonly Splice[] {
  const raw = inventory.hosts.get(host);
  if (!raw) throw new LabError('input', `${file.path} has no host ${host}`, 'check the name');
  return changes.flatMap((change) => planOne(file, raw, change) ?? []);
}

function planOne(
  file: InventoryFile,
  raw: RawHost,
  { key, path, wanted }: Change,
): Splice | undefined {
  if (path.length > 1)
    throw new LabError(
      'refused',
      `${key}: an INI inventory has no good way to write fields of ${path[0]}`,
      `put it into host_vars/${raw.name}.yaml, or turn the inventory into YAML`,
    );
  const present = raw.assignments.findLast(({ variable }) => variable === key);
  if (present && isShared(raw, present)) throw shared(raw);
  if (wanted === null) return present && cutWord(file.text, present);
  const text = writeScalar(wanted, 'ini', '');
  if (present) return { start: present.key.end + 1, end: present.node.end, text };
  const mention = raw.mentions.find(({ range }) => range === undefined);
  if (!mention) throw shared(raw);
  const at = endOfWords(file.text, mention.at.line);
  return { start: at, end: at, text: ` ${key}=${text}` };
}

/** A variable on a line with a range belongs to all hosts of that line. */
function isShared(raw: RawHost, { path }: Assignment): boolean {
  const line = path.slice(0, path.lastIndexOf('.'));
  return raw.mentions.some(({ range, path: own }) => range !== undefined && own === line);
}

function shared(raw: RawHost): LabError {
  const range = raw.mentions.find((mention) => mention.range !== undefined)?.range ?? raw.name;
  return new LabError(
    'refused',
    `${raw.name} is written as part of ${range}; a change would reach all of these hosts`,
    `write a line of its own for it, or put the value into host_vars/${raw.name}.yaml`,
  );
}

function cutWord(text: string, { key, node }: Assignment): Splice {
  let start = key.start;
  while (/[ \t]/.test(text.charAt(start - 1))) start -= 1;
  return { start, end: node.end, text: '' };
}

/** Behind the last word of a line, before a comment. */
function endOfWords(text: string, line: number): number {
  let start = 0;
  for (let number = 1; number < line; number += 1) start = text.indexOf('\n', start) + 1;
  start = startOfLine(text, start);
  const words = splitShellWords(text.slice(start, endOfLine(text, start)));
  const last = 'problem' in words ? undefined : words.at(-1);
  return start + (last?.offsets.at(-1) ?? 0);
}
