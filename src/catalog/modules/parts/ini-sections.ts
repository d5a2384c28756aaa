/** A settings file of sections, in order; comments are not kept, as Python's RawConfigParser (and so Ansible) keeps none. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads `[section]` and `key = value` lines; indented lines go on with the value before. */
export function parseIniSections(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let key = '';
  for (const line of text.split('\n')) {
    const title = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, name, value = ''] = /^([^\s#;=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (title !== undefined) {
      section = sections.get(title) ?? new Map();
      sections.set(title, section);
      key = '';
    } else if (/^\s+\S/.test(line) && key !== '')
      section?.set(key, `${section.get(key) ?? ''}\n${line.trim()}`);
    else if (name !== undefined) {
      key = name.toLowerCase();
      section?.set(key, value);
    }
  }
  return sections;
}

/** Writes sections as RawConfigParser does: sorted if told, `key = value`, a blank line after each; lines after the first are indented. */
export function renderIniSections(sections: IniSections): string {
  return [...sections]
    .map(([title, values]) => {
      const lines = [...values].map(
        ([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`,
      );
      return `[${title}]\n${lines.join('')}\n`;
    })
    .join('');
}
