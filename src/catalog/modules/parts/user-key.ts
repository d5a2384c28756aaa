import { sh } from '../../../model/command.ts';
import type { ScriptAction } from '../../../model/module.ts';
import { inputOf, script } from './script-action.ts';
import type { UserArgs, UserFound } from './user-found.ts';
import { keyFileOf } from './user-probe.ts';

/** What is to be done about the account's SSH key: a script, and warnings where an existing one is kept or lost. */
export function planKey(
  args: UserArgs,
  { account }: UserFound,
): { readonly actions: readonly ScriptAction[]; readonly warnings: readonly string[] } {
  if (!args.generate_ssh_key) return { actions: [], warnings: [] };
  const file = account.get('key') ?? '';
  const hasPrivate = account.has('fingerprint');
  if (!hasPrivate && !account.has('public')) return { actions: [makeKey(args)], warnings: [] };
  const which = hasPrivate ? `private file "${file}"` : `public file "${file}.pub"`;
  if (args.force)
    return { actions: [makeKey(args)], warnings: [`Overwriting existing ssh key ${which}`] };
  const warning = `Found existing ssh key ${which}, no force, so skipping ssh-keygen generation`;
  return { actions: [], warnings: [warning] };
}

// ssh-keygen reads a passphrase from standard input when it has no terminal; -N would show it in the process list
function makeKey(args: UserArgs): ScriptAction {
  const phrase = args.ssh_key_passphrase ?? '';
  const bits = args.ssh_key_bits === undefined ? [] : ['-b', args.ssh_key_bits];
  const words = ['-q', '-t', args.ssh_key_type, ...bits];
  return script(
    sh`set -e
name=${args.name} key=${keyFileOf(args)} comment=${args.ssh_key_comment} phrase=${phrase === '' ? '' : 'yes'} home=${args.home ?? ''}
line=$(getent passwd "$name" 2>/dev/null || grep "^$name:" /etc/passwd)
[ -n "$home" ] || home=$(echo "$line" | cut -d: -f6)
case $key in /*) ;; *) key=$home/$key ;; esac
folder=$(dirname -- "$key") owner=$(id -u "$name"):$(id -g "$name")
if [ ! -e "$folder" ]; then mkdir -m 700 -- "$folder"; chown "$owner" "$folder"; fi
rm -f -- "$key" "$key.pub"
case $comment in *'$HOSTNAME'*) comment=$(printf %s "$comment" | sed "s/\$HOSTNAME/$(uname -n)/g") ;; esac
if [ -n "$phrase" ]; then setsid ssh-keygen ${words} -C "$comment" -f "$key" >/dev/null
else ssh-keygen ${words} -C "$comment" -N '' -f "$key"; fi
chown "$owner" "$key" "$key.pub"`,
    phrase === '' ? {} : { stdin: inputOf(`${phrase}\n${phrase}\n`) },
  );
}
