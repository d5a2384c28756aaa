import { type Command, sh } from '../../../model/command.ts';
import type { Ran } from '../../../model/module.ts';
import { readAnswers } from './answers.ts';
import { parseUnitStatus } from './unit-status.ts';

/** Which of systemd's managers is asked. */
export type UnitScope = 'system' | 'user' | 'global';

/** What a host knows of a service. */
export interface UnitFound {
  /** Which program starts services: systemd, or init scripts. */
  readonly init: 'systemd' | 'sysv';
  /** What `systemctl show` tells; empty where it cannot tell (a chroot). */
  readonly status: ReadonlyMap<string, string>;
  readonly isUnit: boolean;
  readonly isInitScript: boolean;
  /** Lines of `systemctl is-enabled -l`, and whether it answered yes. */
  readonly enabledWords: readonly string[];
  readonly enabledExit: number;
  /** Whether a link of a runlevel starts the init script. */
  readonly initEnabled: boolean;
}

const knownWords = new Set(
  'enabled enabled-runtime linked linked-runtime masked masked-runtime static indirect disabled generated transient'.split(
    ' ',
  ),
);

/** What a scope adds to systemctl's words, and what a user's manager needs in its environment. */
export function scopeWords(scope: UnitScope): {
  readonly words: readonly string[];
  readonly setup: string;
} {
  if (scope === 'system') return { words: [], setup: '' };
  const setup = '[ -n "$XDG_RUNTIME_DIR" ] || export XDG_RUNTIME_DIR="/run/user/$(id -u)"\n';
  return { words: [`--${scope}`], setup: scope === 'user' ? setup : '' };
}

/** Prints what `readUnit` reads; `--` keeps a strange name from being an option. */
export function unitScript(name: string, scope: UnitScope, asksEnabled: boolean): Command {
  const { words, setup } = scopeWords(scope);
  const control = { script: `systemctl ${words.join(' ')}` };
  return sh`${{ script: setup }}unit=${name}
${{ script: initScriptLook }}
if command -v systemctl >/dev/null && { [ -d /run/systemd/system ] || [ -d /dev/.run/systemd ] || [ -d /dev/.systemd ]; }; then
  echo lab.init=systemd
elif link=$(readlink /sbin/init) && [ "$(basename "$link")" = systemd ]; then echo lab.init=offline; fi
${control} show -- "$unit" 2>/dev/null
echo "lab.show=$?"
${{ script: asksEnabled ? '' : 'exit 0' }}
echo lab.enabled
${control} is-enabled -l -- "$unit" 2>/dev/null
echo "lab.exit=$?"`;
}

const initScriptLook = `case $unit in /*) init=$unit ;; *) init=/etc/init.d/$unit ;; esac
[ ! -e "$init" ] || echo lab.script=yes
for link in /etc/rc?.d/S??"\${init##*/}"; do [ ! -e "$link" ] || { echo lab.links=yes; break; }; done`;

/** Reads what the unit script printed. */
export function readUnit({ stdout }: Ran): UnitFound {
  const [shown = '', rest = ''] = stdout.split(/^lab\.enabled$/m);
  const told = readAnswers(shown);
  const ends = readAnswers(rest);
  const status = told.get('lab.show') === '0' ? parseUnitStatus(shown) : new Map<string, string>();
  const enabledWords = rest.split('\n').filter((line) => line !== '' && !line.startsWith('lab.'));
  const load = status.get('LoadState');
  const isUnit = load === undefined ? knownWords.has(enabledWords[0] ?? '') : load !== 'not-found';
  return {
    init: told.has('lab.init') ? 'systemd' : 'sysv',
    status,
    isUnit,
    isInitScript: told.has('lab.script'),
    enabledWords,
    enabledExit: Number(ends.get('lab.exit') ?? 1),
    initEnabled: told.has('lab.links'),
  };
}
