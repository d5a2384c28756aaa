import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import { listEntries } from './catalog.ts';
import { flagTable } from './flags.ts';

/** What was asked for: a command (its file's name and the arguments without its words), an overview, or the version. */
export type Found =
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'overview'; readonly group: string }
  | { readonly kind: 'version' };

const flagsWithValue = new Set(
  Object.values(flagTable)
    .flat()
    .filter(({ flags }) => flags.includes('<'))
    .flatMap(({ flags }) => flags.replace(/ <.*/, '').split(', ')),
);

/** Finds the command in what was typed; everywhere-flags may stand before its words. Only the folder is read, no command is loaded. */
export async function findCommand(argv: readonly string[], programFolder: string): Promise<Found> {
  const names = await listEntries(programFolder, 'cli/commands');
  const [firstAt, secondAt] = wordPlaces(argv);
  const first = firstAt === undefined ? undefined : argv[firstAt];
  if (first === undefined || firstAt === undefined) {
    return argv.includes('--version') || argv.includes('-V')
      ? { kind: 'version' }
      : { kind: 'overview', group: '' };
  }
  if (first === 'help') return findHelp(argv.slice(firstAt + 1), names);
  const second = secondAt === undefined ? undefined : argv[secondAt];
  const double = `${first}-${second}`;
  if (second !== undefined && names.includes(double)) {
    return {
      kind: 'command',
      name: double,
      args: argv.filter((_, at) => at !== firstAt && at !== secondAt),
    };
  }
  if (names.includes(first))
    return { kind: 'command', name: first, args: argv.filter((_, at) => at !== firstAt) };
  const group = names.filter((name) => name.startsWith(`${first}-`));
  if (group.length > 0 && second === undefined) return { kind: 'overview', group: first };
  throw unknown(group.length > 0 ? `${first} ${second}` : first, names);
}

function findHelp(words: readonly string[], names: readonly string[]): Found {
  const name = words.join('-');
  if (name === '') return { kind: 'overview', group: '' };
  if (names.includes(name)) return { kind: 'command', name, args: ['--help'] };
  if (names.some((each) => each.startsWith(`${name}-`))) return { kind: 'overview', group: name };
  throw unknown(words.join(' '), names);
}

/** Places of the first two words that are neither flags nor values of flags. */
function wordPlaces(argv: readonly string[]): number[] {
  const places: number[] = [];
  for (let at = 0; at < argv.length && places.length < 2; at++) {
    const arg = argv[at] ?? '';
    if (arg === '--') break;
    if (flagsWithValue.has(arg)) at++;
    else if (!arg.startsWith('-')) places.push(at);
  }
  return places;
}

function unknown(words: string, names: readonly string[]): LabError {
  const near = nearest(
    words,
    names.map((name) => name.replace('-', ' ')),
  );
  const hint = near === undefined ? 'lab --help lists the commands' : `did you mean "lab ${near}"?`;
  return new LabError('usage', `there is no command "${words}"`, hint);
}
