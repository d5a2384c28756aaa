import { adoptValue } from '../adopt-value.ts';
import { anyText, textArgument } from '../arguments.ts';
import { isTrue } from '../compare.ts';
import { dictGet } from '../dict.ts';
import type { DigestName } from '../effects.ts';
import { bytesOf, fromBase64, hexOf, textOfBytes, toBase64 } from '../encode.ts';
import { itemsOf } from '../iterate.ts';
import { type JsonStyle, renderJson } from '../json-text.ts';
import { parseJson } from '../parse-json.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { quoteWord } from '../quote-word.ts';
import { type Dict, fail, isText, numberIn, type Py } from '../values.ts';
import { renderYaml } from '../yaml-dump.ts';

function jsonStyle(named: Dict, base: JsonStyle): JsonStyle {
  const get = (name: string): Py | undefined => dictGet(named, name);
  const indent = get('indent');
  const separators = get('separators');
  const ascii = get('ensure_ascii');
  const sort = get('sort_keys');
  const [comma, colon] = separators === undefined || separators === null ? [] : itemsOf(separators);
  return {
    ...base,
    ...(indent !== undefined && { indent: indentOf(indent) }),
    ...(sort !== undefined && { sortKeys: isTrue(sort) }),
    ...(ascii !== undefined && { ascii: isTrue(ascii) }),
    ...(comma !== undefined &&
      colon !== undefined && { separators: [anyText(comma), anyText(colon)] as const }),
  };
}

function indentOf(value: Py): number | string | undefined {
  if (value === null) return undefined;
  const margin = isText(value) ? value : (numberIn(value) ?? fail('indent is a number or a text'));
  if (typeof margin === 'string' ? margin.length > 1000 : margin > 1000)
    fail('indent is too large');
  return margin;
}

/** A filter that gives the hex digest of a text, by a fixed algorithm or one that it is told. */
function digest(fixed?: DigestName): Plugin {
  return plugin(fixed ? 'value' : 'value hashtype=', (on, [value, type = fixed ?? 'sha1']) => {
    const name = anyText(type).toLowerCase();
    if (!isDigest(name)) return fail(`unsupported hash type ${name}`);
    return hexOf(on.engine.effects.digest(name, bytesOf(anyText(value))));
  });
}

function isDigest(name: string): name is DigestName {
  return ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].includes(name);
}

/** Filters that write values down in other ways and read them back. */
export const encodingFilters: Plugins = {
  to_json: plugin('value **named', (_, [value, named]) =>
    renderJson(value, jsonStyle(named as Dict, {})),
  ),
  to_nice_json: plugin(
    'value indent= sort_keys= **named',
    (_, [value, indent = 4, sort = true, named]) =>
      renderJson(
        value,
        jsonStyle(named as Dict, {
          indent: indentOf(indent),
          sortKeys: isTrue(sort),
          separators: [',', ': '],
        }),
      ),
  ),
  from_json: plugin('value', (_, [value]) => parseJson(textArgument(value, 'the JSON object'))),
  to_yaml: plugin('value **named', (_, [value, named]) => renderYaml(value, named as Dict, false)),
  to_nice_yaml: plugin('value indent= **named', (_, [value, indent = 4, named]) =>
    renderYaml(value, named as Dict, true, numberIn(indent) ?? 4),
  ),
  from_yaml: plugin('value', (on, [value]) => {
    if (!isText(value)) return value;
    const documents = readYaml(value, on.engine.effects.parseYaml);
    if (documents.length > 1) fail('expected a single document in the stream');
    return documents[0] ?? null;
  }),
  from_yaml_all: plugin('value', (on, [value]) =>
    isText(value)
      ? splitDocuments(value).flatMap((one) => readYaml(one, on.engine.effects.parseYaml))
      : value,
  ),
  b64encode: plugin('value encoding=', (_, [value, encoding = 'utf-8']) =>
    toBase64(bytesOf(anyText(value), anyText(encoding))),
  ),
  b64decode: plugin('value encoding=', (_, [value, encoding = 'utf-8']) =>
    textOfBytes(fromBase64(anyText(value)), anyText(encoding)),
  ),
  hash: digest(),
  md5: digest('md5'),
  sha1: digest('sha1'),
  checksum: digest('sha1'),
  quote: plugin('value', (_, [value]) => quoteWord(value === null ? '' : anyText(value))),
};

/** The documents of a YAML stream; each begins after a line of `---`. */
function splitDocuments(text: string): string[] {
  const parts = text.split(/^---(?=\s|$)|^\.\.\.\s*$/m);
  return parts.filter((part, index) => index > 0 || part.replaceAll(/^#.*$/gm, '').trim() !== '');
}

function readYaml(text: string, parse: (text: string) => readonly unknown[]): Py[] {
  try {
    return parse(text).map((document) => adoptValue(document as Parameters<typeof adoptValue>[0]));
  } catch (error) {
    return fail(
      `the YAML cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
