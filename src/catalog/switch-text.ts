import type { Binding } from '../model/export.ts';
import { parseIp } from '../model/ip.ts';
import { parseMac } from '../model/mac.ts';
import { type PortNames, parsePort } from './switch-ports.ts';

/** What one switch line binds together; '' where the line says nothing. */
export type SwitchBinding = Pick<Binding, 'mac' | 'ip' | 'vlan' | 'port'>;

/** How one maker's configuration is written and read. */
export interface SwitchDialect {
  readonly comment: '#' | '!';
  /** The word that leaves an interface. */
  readonly leave: 'quit' | 'exit';
  /** Between the three groups of a MAC address. */
  readonly macGap: '-' | '.';
  readonly ports: PortNames;
  /** What a line binds, without its indent and prompt; undefined for a line that binds nothing. `port` is the interface it stands in, '' for none. */
  readLine(line: string, port: string): readonly SwitchBinding[] | undefined;
  /** Lines that belong to such a text and bind nothing, such as those that switch checking on. */
  readonly aside: RegExp;
}

/** A MAC address as three groups of four: `0011-2233-4455` or `0011.2233.4455`. */
export function groupMac(mac: string, gap: SwitchDialect['macGap']): string {
  return (mac.replaceAll(':', '').match(/.{4}/g) ?? []).join(gap);
}

/** Reads exactly that spelling, no other: a switch would not take another either. Answers lower-case with colons, or undefined. */
export function readGroupedMac(text: string, gap: SwitchDialect['macGap']): string | undefined {
  if (!/^[0-9a-f]{4}([-.])[0-9a-f]{4}\1[0-9a-f]{4}$/i.test(text) || text[4] !== gap)
    return undefined;
  const parsed = parseMac(text);
  return 'mac' in parsed ? parsed.mac : undefined;
}

/** Reads four decimal numbers, or answers undefined. */
export function readIpv4(text: string): string | undefined {
  return !text.includes(':') && 'ip' in parseIp(text) ? text : undefined;
}

/** Reads a VLAN number (1 to 4094), or answers undefined. */
export function readVlan(text: string): string | undefined {
  return /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 4094 ? text : undefined;
}

/** Lines that stand inside interfaces, one block for each port, in the order in which ports first come. */
export function renderBlocks(
  bindings: readonly SwitchBinding[],
  dialect: Pick<SwitchDialect, 'leave'>,
  linesOf: (bindings: readonly SwitchBinding[]) => readonly string[],
): string[] {
  return [...Map.groupBy(bindings, ({ port }) => port)].flatMap(([port, own]) =>
    renderBlock(port, linesOf(own), dialect),
  );
}

/** Lines inside one interface. */
export function renderBlock(
  port: string,
  lines: readonly string[],
  { leave }: Pick<SwitchDialect, 'leave'>,
): string[] {
  return [`interface ${port}`, ...lines.map((line) => ` ${line}`), leave];
}

/** A `#` or `!` alone ends a section in what devices print; these words do so for who types. */
const ends = /^(?:[#!]|quit|exit|return|end|system-view|configure terminal|commit)$/i;
const pager = /\p{Cc}\[[0-9;]*[A-Za-z]|(?!\t)\p{Cc}|\s*-{2,} ?more ?-{2,} */giu;
const prompt =
  /^(?:<[^<>\s]{1,64}>|\[[~*]?[^\]\s]{1,80}\]|[\w.-]{1,64}(?:\([\w-]{1,32}\))?[#>])\s*/;

/** Reads what a person wrote or a device printed; prompts and the pager's traces are taken off first. Lines that neither bind nor belong to bindings are answered as they are. */
export function readSwitchText(
  text: string,
  dialect: SwitchDialect,
): { bindings: Binding[]; unknown: { line: number; text: string }[] } {
  const bindings: Binding[] = [];
  const unknown: { line: number; text: string }[] = [];
  let port: string | undefined = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const content = tidyLine(raw);
    const place = readPlace(content, dialect);
    if (place) port = place.port;
    if (place || isAside(content, dialect)) continue;
    // Within a range of interfaces a line binds on several ports at once; nobody's register says so.
    const found = port === undefined ? undefined : dialect.readLine(content, port);
    const line = index + 1;
    if (found === undefined) unknown.push({ line, text: raw.replace(/\r$/, '') });
    else bindings.push(...found.map((each) => ({ ...each, name: '', line })));
  }
  return { bindings, unknown };
}

/** A line without what terminals and people put around it; no command is longer than the bound. */
function tidyLine(raw: string): string {
  return raw.slice(0, 2000).replaceAll(pager, '').trim().replace(prompt, '');
}

function isAside(line: string, { comment, aside }: SwitchDialect): boolean {
  return line === '' || line.startsWith(comment) || aside.test(line);
}

/** Where the lines after this one stand; undefined for a line that does not change it, `port` undefined for several interfaces at once. */
function readPlace(
  line: string,
  { ports }: SwitchDialect,
): { readonly port: string | undefined } | undefined {
  if (ends.test(line)) return { port: '' };
  const name = /^interface\s+(.+)$/i.exec(line)?.[1];
  if (name === undefined) return undefined;
  return { port: /^range\b|,/i.test(name) ? undefined : (parsePort(name, ports) ?? name) };
}
