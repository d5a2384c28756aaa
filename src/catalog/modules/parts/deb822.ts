import { textOfValue } from '../../../model/arguments.ts';
import type { Value } from '../../../model/value.ts';

/** The name of a repository as part of file names, as Ansible makes it: lower case, spaces and underscores as hyphens. */
export function repositorySlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
    .replace(/[^a-z0-9-]+/g, '');
}

/** The name of a field (sources.list(5), deb822-style) for an argument. */
function fieldName(argument: string): string {
  if (argument === 'name') return 'X-Repolib-Name';
  if (argument === 'uris') return 'URIs';
  return argument
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-');
}

function fieldValue(value: Value): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((item: Value) => textOfValue(item)).join(' ');
  return textOfValue(value);
}

/** Lines after the first are indented; an empty one is a dot (deb-control(5)). */
function foldLines(text: string): string {
  const lines = text.trim().split('\n');
  return lines.length === 1
    ? text.trim()
    : `\n${lines.map((line) => ` ${line.trim() === '' ? '.' : line}`).join('\n')}`;
}

/** Renders a source as one paragraph, fields sorted by the argument's name as Ansible writes them; undefined ones are left out. */
export function renderDeb822(fields: { readonly [argument: string]: Value | undefined }): string {
  return Object.entries(fields)
    .filter((entry): entry is [string, Value] => entry[1] !== undefined && entry[1] !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const text = foldLines(fieldValue(value));
      return `${fieldName(name)}:${text.startsWith('\n') ? '' : ' '}${text}\n`;
    })
    .join('');
}
