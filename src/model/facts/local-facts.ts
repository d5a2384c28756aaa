import { makeVars, type Value, type Vars } from '../value.ts';

/** Facts that the site keeps on the PC in `*.fact` files: JSON or INI, or programs that print one of them. Text is what `localScript` printed. */
export function readLocal(text: string): Vars {
  const pieces = `\n${text}`.split(/\n==> (\/.*)\.fact (\d+) <==\n/);
  const facts: [string, Value][] = [];
  for (let at = 1; at + 2 < pieces.length; at += 3) {
    const [path = '', code = '0', content = ''] = pieces.slice(at, at + 3);
    const name = path.slice(path.lastIndexOf('/') + 1);
    facts.push([name, code === '0' ? readFact(content, `${path}.fact`) : complaint(path, code)]);
  }
  return makeVars([['ansible_local', makeVars(facts)]]);
}

function complaint(path: string, code: string): string {
  return `Failure executing fact script (${path}.fact), rc: ${code}, err: `;
}

function readFact(text: string, path: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    const sections = readIni(text);
    return sections ?? `error loading facts as JSON or ini - please check content: ${path}`;
  }
}

/** Python's configparser: `[section]`, `key = value` or `key: value`, keys in lower case. Undefined for what is none. */
function readIni(text: string): Vars | undefined {
  const sections = new Map<string, Record<string, Value>>();
  let section: Record<string, Value> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const head = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (head !== undefined) {
      section = sections.get(head) ?? makeVars();
      sections.set(head, section);
      continue;
    }
    const [, key, value = ''] = /^\s*(\S.*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (section === undefined || key === undefined) return undefined;
    section[key.toLowerCase()] = value.trim();
  }
  return makeVars(sections);
}
