import { fitsPythonSpecifiers } from './python-version.ts';

/** One requirement as pip reads it (PEP 508). */
export interface PipWish {
  /** As it is handed to pip. */
  readonly text: string;
  /** The name as PyPI normalises it; '' where only pip can tell it (addresses, folders). */
  readonly name: string;
  readonly specifiers: string;
  /** Whether extras, markers or an address are for pip alone to judge. */
  readonly isPlain: boolean;
}

/** Names of packages are compared without case and with one kind of dash (PEP 503). */
export function normalizeProject(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Reads the names of a task. `django>=1.11,<2` that was split at its comma is put together again, as Ansible does. */
export function parsePipWishes(names: readonly string[], version: string | undefined): PipWish[] {
  const texts: string[] = [];
  for (const name of names.map((item) => item.trim()).filter(Boolean)) {
    const before = texts.at(-1);
    const goesOn =
      /^(===|~=|==|!=|<=|>=|<|>)/.test(name) || (before !== undefined && /\[[^\]]*$/.test(before));
    if (goesOn && before !== undefined) texts[texts.length - 1] = `${before},${name}`;
    else texts.push(name);
  }
  return texts.map((text) => parseWish(version === undefined ? text : `${text}==${version}`));
}

function parseWish(text: string): PipWish {
  // PEP 508 allows the specifiers to stand in parentheses
  const bare = text.replace(/\(([^()]*)\)\s*$/, '$1');
  const [, name = '', extras, specifiers = ''] =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*((?:(?:===|~=|==|!=|<=|>=|<|>)[^;@]*)?)$/.exec(
      bare,
    ) ?? [];
  const isName = name !== '' && !text.includes('://') && !text.includes('/');
  return {
    text,
    name: isName ? normalizeProject(name) : '',
    specifiers: specifiers.trim(),
    isPlain: isName && extras === undefined,
  };
}

/** Whether installed packages answer a wish; undefined where only pip can tell. */
export function isAnswered(
  wish: PipWish,
  installed: ReadonlyMap<string, string>,
): boolean | undefined {
  if (wish.name === '') return undefined;
  const version = installed.get(wish.name);
  if (version === undefined) return false;
  if (!wish.isPlain) return undefined;
  return fitsPythonSpecifiers(version, wish.specifiers);
}

/** Reads `name==version` lines of `pip list --format=freeze`. */
export function parseFreeze(text: string): Map<string, string> {
  const installed = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, version = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)/.exec(line) ?? [];
    if (name !== undefined) installed.set(normalizeProject(name), version);
  }
  return installed;
}
