import { parseIp } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';

/** What one word of a dnsmasq line may be. */
export type WordKind = 'mac' | 'ip' | 'name' | 'path' | 'interface' | 'url' | 'tag' | 'domain';

const shapes: { readonly [K in WordKind]: (text: string) => boolean } = {
  mac: (text) => {
    const parsed = parseMac(text);
    return 'mac' in parsed && parsed.mac === text;
  },
  ip: (text) => 'ip' in parseIp(text),
  // `1h`, `infinite` and `ignore` are words of dnsmasq; a third and fourth letter `--` it hands to IDN.
  name: (text) =>
    /^(?!\d+[wdhms]?$)(?!infinite$|ignore$)(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(
      text,
    ),
  path: (text) => /^\/[\w./+@-]+$/.test(text) && !text.split('/').includes('..'),
  // IFNAMSIZ is 16 with the closing zero; `*` would mean a prefix.
  interface: (text) => /^[\w.@-]{1,15}$/.test(text),
  url: (text) => /^https?:\/\/[\w.:[\]-]+(?:\/[\w./${}:-]*)?$/.test(text),
  tag: (text) => /^[a-z][a-z0-9-]*$/.test(text),
  domain: (text) => /^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i.test(text),
};

/** The one way in which a value gets into a dnsmasq configuration: as a single word of its kind, else LabError 'input'. */
export function word(kind: WordKind, text: string): string {
  if (shapes[kind](text)) return text;
  const shown = JSON.stringify(text.slice(0, 60));
  throw new LabError(
    'input',
    `${shown} cannot stand in dnsmasq's configuration as ${kind === 'ip' || kind === 'interface' ? 'an' : 'a'} ${kind}`,
    'correct it where it was written',
  );
}

/** Whether a text could be handed to `word`. */
export function isWord(kind: WordKind, text: string): boolean {
  return shapes[kind](text);
}
