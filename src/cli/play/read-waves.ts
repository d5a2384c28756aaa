import type { Waves } from '../../engine/play/rim.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { CommandOptions } from '../define-command.ts';
import { readCount } from '../read-number.ts';

/** Models of PCs on which a canary of this very playbook has passed, newest first. */
export type PassedModels = ReadonlySet<string>;

/** What `--canary`, `--waves`, `--suite` and `--max-fail` ask for; undefined when none was given. */
export function readWaves(options: CommandOptions): Waves | undefined {
  const { canary, waves, suite, maxFail } = options;
  if (canary === undefined && waves === undefined) {
    if (suite === undefined && maxFail === undefined) return undefined;
    throw new LabError(
      'usage',
      '--suite and --max-fail stand between waves',
      'add --canary N or --waves N,N',
    );
  }
  const first = canary === undefined ? [] : [readCount('--canary', String(canary), 1)];
  const rest = waves === undefined ? ['100%'] : String(waves).split(',').map(readSize);
  return {
    sizes: [...first, ...rest],
    maxFailed: maxFail === undefined ? 0 : readLimit(String(maxFail)),
    ...(suite === undefined ? {} : { suite: String(suite) }),
  };
}

function readSize(text: string): number | string {
  const word = text.trim();
  if (/^[1-9]\d*$/.test(word)) return Number(word);
  if (/^(100|[1-9]\d?)%$/.test(word)) return word;
  throw new LabError(
    'usage',
    `--waves: "${word}" is no size`,
    'write numbers of hosts or percentages: 2,25%,100%',
  );
}

function readLimit(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new LabError('usage', `--max-fail: "${text}" is no number of hosts`, 'write 0 or more');
}

/** Puts the canaries first: `count` hosts of each model on which this playbook has not passed yet, in inventory order. Without any such model nobody is a canary. */
export function orderCanaries(
  hosts: readonly Host[],
  count: number,
  passed: PassedModels,
): { readonly hosts: readonly Host[]; readonly canaries: number } {
  const taken = new Map<string, number>();
  const isCanary = ({ model }: Host): boolean => {
    const before = taken.get(model) ?? 0;
    if (passed.has(model) || before >= count) return false;
    taken.set(model, before + 1);
    return true;
  };
  const first = hosts.filter(isCanary);
  const chosen = new Set(first);
  return {
    hosts: [...first, ...hosts.filter((host) => !chosen.has(host))],
    canaries: first.length,
  };
}
