import { anyText, textArgument } from '../arguments.ts';
import type { ControllerPath } from '../effects.ts';
import { itemsOf } from '../iterate.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { isText, type Py } from '../values.ts';

const at = (judge: (found: ControllerPath | undefined) => boolean): Plugin<boolean> =>
  plugin('path', (on, [path]) => judge(on.engine.effects.pathAt(textArgument(path, 'a path'))));

const exists = (found: ControllerPath | undefined): boolean =>
  found !== undefined && found.kind !== 'broken';
const directory = at((found) => found?.kind === 'directory');
const file = at((found) => found?.kind === 'file');
const link = at((found) => found?.isLink === true);
const absolute = plugin('path', (_, [path]) => anyText(path).startsWith('/'));
const sameFile = plugin('path other', (on, [path, other]) => {
  const { effects } = on.engine;
  return effects.realPath(anyText(path)) === effects.realPath(anyText(other));
});

function schemeOf(value: Py): string {
  return /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(anyText(value))?.[1]?.toLowerCase() ?? '';
}

/** Whether text is a URI of one of some schemes; any text is one where no scheme is asked for. */
function isUri(value: Py, schemes: Py): boolean {
  if (!isText(value)) return false;
  const wanted = schemes === null ? [] : itemsOf(schemes).map(anyText);
  return wanted.length === 0 || wanted.includes(schemeOf(value));
}

/** Tests of paths, all on the controller, and of URIs. */
export const pathTests: Plugins = {
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: at(exists),
  link_exists: at((found) => found !== undefined),
  abs: absolute,
  is_abs: absolute,
  same_file: sameFile,
  is_same_file: sameFile,
  uri: plugin('value schemes=', (_, [value, schemes = null]) => isUri(value, schemes)),
  url: plugin(
    'value schemes=',
    (_, [value, schemes = null]) =>
      isUri(value, schemes) &&
      /^(?:file:|(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/[^/?#])/i.test(anyText(value)),
  ),
  urn: plugin('value', (_, [value]) => isUri(value, ['urn'])),
};
