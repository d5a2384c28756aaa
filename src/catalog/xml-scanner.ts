import { LabError } from '../model/lab-error.ts';

/** A piece of an XML text: an element begins or ends, or characters within one. `path` names the elements from the root down, such as `sst/si/t`, without prefixes. */
export type XmlToken =
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly attributes: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'close'; readonly path: string }
  | { readonly kind: 'text'; readonly path: string; readonly text: string };

/** Reads the XML that office programs write (XML 1.0 without document types): an empty element comes as open and close. Throws LabError 'input' at a DOCTYPE, an entity other than the five of XML, or text that is no XML. */
export function* scanXml(xml: string): Generator<XmlToken> {
  const paths: string[] = [];
  let at = 0;
  while (at < xml.length) {
    const tag = xml.indexOf('<', at);
    yield* readText(unescapeXml(xml.slice(at, tag === -1 ? xml.length : tag)), paths);
    if (tag === -1) break;
    const special = readSpecial(xml, tag);
    if (special) {
      yield* readText(special.text, paths);
      at = special.end;
    } else {
      const end = tagEnd(xml, tag);
      yield* readTag(xml.slice(tag + 1, end), paths);
      at = end + 1;
    }
  }
  if (paths.length > 0) throw broken(`the element ${paths.at(-1)} is not closed`);
}

function* readText(text: string, paths: readonly string[]): Generator<XmlToken> {
  const path = paths.at(-1);
  if (path !== undefined && text !== '') yield { kind: 'text', path, text };
}

/** Comments, processing instructions and CDATA sections; nothing for a tag. */
function readSpecial(xml: string, tag: number): { text: string; end: number } | undefined {
  const mark = xml.charAt(tag + 1);
  if (mark === '?') return { text: '', end: past(xml, '?>', tag) };
  if (mark !== '!') return undefined;
  if (xml.startsWith('<!--', tag)) return { text: '', end: past(xml, '-->', tag) };
  if (!xml.startsWith('<![CDATA[', tag)) throw broken('it has a document type or a declaration');
  const end = past(xml, ']]>', tag);
  return { text: xml.slice(tag + 9, end - 3), end };
}

function past(xml: string, mark: string, from: number): number {
  const found = xml.indexOf(mark, from);
  if (found === -1) throw broken(`"${mark}" is missing`);
  return found + mark.length;
}

/** The `>` of a tag; one within quotes does not end it. */
function tagEnd(xml: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < xml.length; at += 1) {
    const letter = xml.charAt(at);
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '>') return at;
    else if (letter === '<') break;
  }
  throw broken('a tag is not ended');
}

function* readTag(tag: string, paths: string[]): Generator<XmlToken> {
  const above = paths.at(-1) ?? '';
  if (tag.startsWith('/')) {
    const name = localName(tag.slice(1).trim());
    if (above !== name && !above.endsWith(`/${name}`))
      throw broken(`the element ${name} is closed but not open`);
    paths.pop();
    yield { kind: 'close', path: above };
    return;
  }
  const isEmpty = tag.endsWith('/');
  const body = isEmpty ? tag.slice(0, -1) : tag;
  const blank = body.search(/\s/);
  const name = localName(blank === -1 ? body : body.slice(0, blank));
  if (name === '' || paths.length > 100) throw broken('it is nested too deeply or has no names');
  const path = above === '' ? name : `${above}/${name}`;
  const attributes = blank === -1 ? noAttributes : readAttributes(body.slice(blank));
  yield { kind: 'open', path, attributes };
  if (isEmpty) yield { kind: 'close', path };
  else paths.push(path);
}

const noAttributes: ReadonlyMap<string, string> = new Map();

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  let at = 0;
  for (;;) {
    const equals = text.indexOf('=', at);
    if (equals === -1) break;
    const name = localName(text.slice(at, equals).trim());
    const start = text.slice(equals + 1).search(/\S/) + equals + 1;
    const quote = text.charAt(start);
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, start + 1) : -1;
    if (end === -1) throw broken('an attribute has no quotes');
    attributes.set(name, unescapeXml(text.slice(start + 1, end)));
    at = end + 1;
  }
  if (text.slice(at).trim() !== '') throw broken('an attribute has no value');
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescapeXml(text: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const mark = text.indexOf('&', at);
    if (mark === -1) return at === 0 ? text : result + text.slice(at);
    const end = text.indexOf(';', mark);
    const name = end === -1 || end - mark > 10 ? '' : text.slice(mark + 1, end);
    const found = entities.get(name) ?? characterOf(name);
    if (found === undefined) throw broken('it has an entity that XML itself does not know');
    result += text.slice(at, mark) + found;
    at = end + 1;
  }
}

/** A character by its number (XML 1.0, 4.1). */
function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return undefined;
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter = Number.isInteger(code) && code > 0 && code <= 0x10ffff;
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function broken(why: string): LabError {
  return new LabError('input', `the workbook cannot be read: ${why}`, 'open it and save it again');
}
