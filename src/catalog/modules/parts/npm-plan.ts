import { type Command, sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { isMapping } from '../../../model/value.ts';
import { missingProgram } from './missing-program.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

/** Arguments of `npm`, by Ansible's names. */
export interface NpmArgs {
  name: string | undefined;
  version: string | undefined;
  path: string | undefined;
  state: string;
  global: boolean;
  executable: string | undefined;
  production: boolean;
  registry: string | undefined;
  ci: boolean;
  ignore_scripts: boolean;
  unsafe_perm: boolean;
  no_optional: boolean;
  no_bin_links: boolean;
}

/** Flags that every call of npm gets. */
function flagsOf(args: NpmArgs): string[] {
  const flags: readonly (readonly [boolean, string])[] = [
    [args.global, '--global'],
    [args.production, '--production'],
    [args.ignore_scripts, '--ignore-scripts'],
    [args.unsafe_perm, '--unsafe-perm'],
    [args.no_optional, '--no-optional'],
    [args.no_bin_links, '--no-bin-links'],
  ];
  return [
    ...flags.flatMap(([wanted, flag]) => (wanted ? [flag] : [])),
    ...(args.registry === undefined ? [] : ['--registry', args.registry]),
  ];
}

/** A script in the folder of the project, which is made when `makes` says so. */
function inFolder(args: NpmArgs, makes: boolean, command: Command): Command {
  if (args.path === undefined) return command;
  const enter = makes
    ? sh`mkdir -p ${args.path} && cd ${args.path} || exit`
    : sh`cd ${args.path} 2>/dev/null || exit 0`;
  return sh`${{ script: enter.script }}
${{ script: command.script, shown: command.shown }}`;
}

/** Lists what is installed as JSON (npm-ls(1)); `npm ci` also tells whether its last run is newer than the lock file. */
export function npmLook(args: NpmArgs): Command {
  const npm = args.executable ?? 'npm';
  const depth = args.name === undefined ? [] : ['--depth=0'];
  const list = sh`[ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ] || [ package.json -nt node_modules/.package-lock.json ] || echo @@fresh
echo @@list
${npm} list --json ${depth} ${flagsOf(args)} </dev/null 2>/dev/null
true`;
  return sh`command -v ${npm} >/dev/null || exit 127
${{ script: inFolder(args, false, list).script }}`;
}

interface Listed {
  readonly installed: ReadonlyMap<string, string>;
  /** Something that package.json asks for is not there, or is another version. */
  readonly lacks: boolean;
  readonly isFresh: boolean;
}

function parseList(stdout: string): Listed {
  const [head = '', text = ''] = stdout.split('@@list\n');
  const installed = new Map<string, string>();
  const root = readJson(text);
  const isBroken = (entry: unknown): boolean =>
    isMapping(entry) &&
    (entry['missing'] === true ||
      'invalid' in entry ||
      Object.values(mapping(entry['dependencies'])).some(isBroken));
  const dependencies = mapping(root['dependencies']);
  for (const [name, entry] of Object.entries(dependencies))
    if (isMapping(entry) && entry['missing'] !== true)
      installed.set(name, String(entry['version'] ?? ''));
  return {
    installed,
    lacks: Object.values(dependencies).some(isBroken),
    isFresh: head.includes('@@fresh'),
  };
}

const mapping = (value: unknown) => (isMapping(value) ? value : {});

function readJson(text: string): { readonly [key: string]: unknown } {
  try {
    return mapping(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Plans what `npmLook` found to be wrong. */
export function planNpm(args: NpmArgs, call: Call, look: Ran): Planned {
  if (look.exitCode === 127)
    return missingProgram(
      call,
      `${args.executable ?? 'npm'} is not installed on this host: install npm`,
    );
  const listed = parseList(look.stdout);
  if (args.ci)
    return listed.isFresh && !listed.lacks
      ? done({ changed: false })
      : run(args, ['ci'], 'installed what the lock file says');
  return args.name === undefined
    ? planProject(args, listed)
    : planNamed(args, args.name, listed.installed.get(args.name));
}

function planProject(args: NpmArgs, { lacks }: Listed): Planned {
  if (lacks) return run(args, ['install'], 'installed the dependencies');
  return args.state === 'latest' ? planOutdated(args, undefined) : done({ changed: false });
}

function planNamed(args: NpmArgs, name: string, version: string | undefined): Planned {
  if (args.state === 'absent')
    return version === undefined
      ? done({ changed: false })
      : run(args, ['uninstall', name], `removed ${name}`);
  const word = args.version === undefined ? name : `${name}@${args.version}`;
  const isThere = version !== undefined && (args.version ?? version) === version;
  if (!isThere) return run(args, ['install', word], `installed ${word}`);
  return args.state === 'latest' && args.version === undefined
    ? planOutdated(args, name)
    : done({ changed: false });
}

/** `npm outdated` ends with 1 and tells as JSON what has a newer version (npm-outdated(1)). */
function planOutdated(args: NpmArgs, name: string | undefined): Planned {
  const npm = args.executable ?? 'npm';
  const command = sh`${npm} outdated --json ${name === undefined ? [] : [name]} ${flagsOf(args)} </dev/null`;
  return ask({ outdated: probeScript(inFolder(args, false, command)) }, ({ outdated }) => {
    const found = readJson(outdated.stdout);
    if ('error' in found || (outdated.exitCode > 1 && Object.keys(found).length === 0))
      return fail(npmFailure(outdated));
    const names = Object.keys(found);
    if (names.length === 0) return done({ changed: false });
    const words = name === undefined ? ['update'] : ['install', `${name}@latest`];
    return run(args, words, `brought ${names.join(', ')} up to date`);
  });
}

function run(args: NpmArgs, words: readonly string[], change: string): Planned {
  const command = sh`${args.executable ?? 'npm'} ${words} ${flagsOf(args)} </dev/null`;
  return alter({
    actions: [script(inFolder(args, true, command))],
    result: { changed: true, changes: [change] },
    failure: npmFailure,
  });
}

/** npm's own words for what went wrong, without the addresses of log files. */
function npmFailure(ran: Ran): string {
  const lines = ran.stderr
    .split('\n')
    .filter((line) => /^npm (?:ERR!|error)/.test(line) && !/complete log|_logs/.test(line))
    .map((line) => line.replace(/^npm (?:ERR!|error) ?/, '').trim())
    .filter((line) => line !== '' && !/^at /.test(line));
  return `npm failed: ${lines.length > 0 ? lines.join(' ') : complaintOf(ran)}`;
}
