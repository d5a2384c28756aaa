import { type Command, type Script, sh } from '../model/command.ts';
import type { Connection, ExecOptions } from '../model/connection.ts';
import { LabError } from '../model/lab-error.ts';
import {
  lockOnTarget,
  parseTargetLock,
  type TargetHolder,
  type TargetLock,
} from './target-lock.ts';

/** A file as it should be on a host. */
export interface WantedFile {
  readonly path: string;
  readonly mode: number;
  readonly sha256: string;
}

/** What is there instead: 'mode' had the right content and got its permissions corrected, 'unsure' cannot be told without sha256sum. */
export type FoundFile = 'same' | 'mode' | 'other' | 'missing' | 'unsure' | 'folder';

/** A host's answer to a comparison. */
export interface Comparison {
  readonly found: readonly FoundFile[];
  /** True when the destination of a lone file is a folder: the file belongs into it. */
  readonly into: boolean;
  readonly lock: TargetLock;
}

/** Compares files with those on a host in one round trip, making the folders they need first. `name` is a lone file's own name, for the case that its destination is a folder. */
export async function compareFiles(
  connection: Connection,
  wanted: {
    readonly folders: readonly string[];
    readonly files: readonly WantedFile[];
    readonly name: string;
  },
  holder: TargetHolder,
  options: ExecOptions,
): Promise<Comparison> {
  const { folders, files, name } = wanted;
  const entries = [
    ...folders.map((path) => `d - -\n${path}\n`),
    ...files.map(({ path, mode, sha256 }) => `f ${sha256} ${mode.toString(8)}\n${path}\n`),
  ];
  const stdin = Buffer.from(entries.join(''));
  const result = await connection.exec(lockOnTarget(compareCommand(name), holder), {
    ...options,
    stdin,
  });
  const { stderr, ...lock } = parseTargetLock(Buffer.from(result.stderr).toString(), holder);
  const lines = Buffer.from(result.stdout).toString().split('\n').filter(Boolean);
  const bad = lines.find((line) => line.startsWith('!'));
  if (bad !== undefined || result.exitCode !== 0 || lines.length !== entries.length)
    throw new LabError(
      'failed',
      bad?.slice(1) || stderr.trim() || 'the host did not compare the files',
    );
  const answers = lines.slice(folders.length).map((line) => line.split(' '));
  return {
    found: answers.map(([found]) => parseFound(found)),
    into: answers.some(([, into]) => into === 'into'),
    lock,
  };
}

const words: readonly FoundFile[] = ['same', 'mode', 'other', 'missing', 'unsure', 'folder'];

function parseFound(text: string | undefined): FoundFile {
  const found = words.find((word) => word === text);
  if (!found) throw new LabError('failed', 'the host gave an unreadable answer about its files');
  return found;
}

const loop: Script = {
  script: `if command -v sha256sum >/dev/null 2>&1; then labkit_sums=yes; else labkit_sums=; fi
labkit_look() {
  if [ -d "$1" ]; then echo folder; return; fi
  if [ ! -e "$1" ]; then echo missing; return; fi
  if [ -z "$labkit_sums" ]; then echo unsure; return; fi
  sum=$(sha256sum <"$1" 2>/dev/null)
  if [ "\${sum%% *}" != "$2" ]; then echo other; return; fi
  if [ "$(stat -c %a "$1" 2>/dev/null)" = "$3" ]; then echo same; return; fi
  if chmod "$3" "$1" 2>/dev/null; then echo mode; else echo other; fi
}
while read -r kind want mode && IFS= read -r path; do
  if [ "$kind" = d ]; then
    if said=$(mkdir -p "$path" 2>&1); then echo folder; else printf '!%s\\n' "$said" | head -n 1; fi
    continue
  fi
  into=
  if [ -n "$labkit_name" ] && [ -d "$path" ]; then into=into; path=$path/$labkit_name; fi
  printf '%s %s\\n' "$(labkit_look "$path" "$want" "$mode")" "$into"
done`,
};

function compareCommand(name: string): Command {
  return sh`LC_ALL=C; export LC_ALL; labkit_name=${name}
${loop}`;
}
