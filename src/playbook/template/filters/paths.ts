import { anyText } from '../arguments.ts';
import { expandHome } from '../find-file.ts';
import { globFiles } from '../glob.ts';
import { itemsOf } from '../iterate.ts';
import {
  baseName,
  folderOf,
  joinPath,
  normalizePath,
  relativePath,
  splitEnding,
} from '../paths.ts';
import { type Plugin, type Plugins, plugin } from '../plugin.ts';
import { fail, isText, makeTuple, type Py } from '../values.ts';

const form = (change: (path: string) => Py): Plugin =>
  plugin('value', (_, [value]) => change(anyText(value)));

const lastSlash = (path: string): number => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));

/** Takes `C:` or `\\server\share` off a Windows path. */
function splitDrive(path: string): [string, string] {
  const drive = /^(?:[A-Za-z]:|[\\/]{2}[^\\/]+[\\/]+[^\\/]+)/.exec(path)?.[0] ?? '';
  return [drive, path.slice(drive.length)];
}

function windowsFolder(path: string): string {
  const [drive, rest] = splitDrive(path);
  const head = rest.slice(0, lastSlash(rest) + 1);
  return drive + (head.replace(/[\\/]+$/, '') || head);
}

/** Filters for paths. Those that look at the disk look at the controller's. */
export const pathFilters: Plugins = {
  basename: form(baseName),
  dirname: form(folderOf),
  splitext: form((path) => makeTuple(splitEnding(path))),
  expanduser: plugin('value', (on, [value]) => expandHome(anyText(value), on)),
  expandvars: plugin('value', (on, [value]) =>
    anyText(value).replaceAll(
      /\$(?:(\w+)|\{([^}]*)\})/g,
      (whole, plain, braced) => on.engine.effects.env((plain ?? braced) as string) ?? whole,
    ),
  ),
  path_join: plugin('value', (_, [value]) => {
    if (isText(value)) return value;
    const [first = '', ...others] = itemsOf(value).map(anyText);
    return joinPath(first, ...others);
  }),
  relpath: plugin('value start=', (on, [value, start = null]) => {
    const base = on.engine.effects.env('PWD') ?? '/';
    const from = joinPath(base, start === null ? base : anyText(start));
    if (anyText(value) === '') fail('no path specified');
    return relativePath(joinPath(base, anyText(value)), from);
  }),
  realpath: plugin('value', (on, [value]) =>
    on.engine.effects.realPath(
      normalizePath(joinPath(on.engine.effects.env('PWD') ?? '/', anyText(value))),
    ),
  ),
  win_basename: form((path) => splitDrive(path)[1].slice(lastSlash(splitDrive(path)[1]) + 1)),
  win_dirname: form(windowsFolder),
  win_splitdrive: form((path) => makeTuple(splitDrive(path))),
  fileglob: plugin('value', (on, [value]) =>
    globFiles(expandHome(anyText(value), on), on.engine.effects),
  ),
};
