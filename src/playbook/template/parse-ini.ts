import { fail } from './values.ts';

type Sections = Map<string, Map<string, string>>;

interface Reading {
  readonly sections: Sections;
  readonly isExact: boolean;
  section: Map<string, string> | undefined;
  last: string | undefined;
}

/** Sections of an INI text as Python's `configparser` reads them: comments begin a line, values go on in indented lines, `DEFAULT` holds for all. */
export function parseIni(text: string, isExact: boolean): Sections {
  const reading: Reading = { sections: new Map(), isExact, section: undefined, last: undefined };
  for (const line of text.split(/\r?\n/)) if (!/^\s*(?:[#;]|$)/.test(line)) readLine(line, reading);
  const { sections } = reading;
  const defaults = sections.get('DEFAULT') ?? new Map<string, string>();
  for (const [, section] of sections)
    for (const [key, value] of defaults) if (!section.has(key)) section.set(key, value);
  return sections;
}

function readLine(line: string, reading: Reading): void {
  const heading = /^\[([^\]]+)\]/.exec(line)?.[1];
  if (heading !== undefined) {
    reading.section = reading.sections.get(heading) ?? new Map<string, string>();
    reading.sections.set(heading, reading.section);
    reading.last = undefined;
    return;
  }
  const content = line.trim();
  const { section, last } = reading;
  if (!section) fail(`File contains no section headers: ${content}`);
  if (/^\s/.test(line) && last !== undefined) {
    section?.set(last, `${section.get(last) ?? ''}\n${content}`);
    return;
  }
  const [, key = content, value = ''] = /^(.*?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
  reading.last = reading.isExact ? key : key.toLowerCase();
  section?.set(reading.last, value);
}
