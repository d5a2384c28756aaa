import { type Command, sh } from '../../../model/command.ts';
import type { UserArgs } from './user-found.ts';

/**
 * Prints as `name=value` lines what a user probe does not tell: whether the account stands in the host's own /etc/passwd, its home, how its
 * password compares (the stored hash never leaves the host), ages and lock from shadow(5), and its SSH key. Shell built-ins alone where possible.
 */
export function accountScript(args: UserArgs): Command {
  const wanted = args.update_password === 'always' ? (args.password ?? '') : '';
  return sh`name=${args.name} wanted=${{ secret: wanted }} home=${args.home ?? ''} key=${keyFileOf(args)} keys=${args.generate_ssh_key ? 'yes' : ''}
${{ script: body }}`;
}

/** The private key's file, absolute or below the home. */
export function keyFileOf({ ssh_key_file, ssh_key_type }: UserArgs): string {
  return ssh_key_file ?? `.ssh/id_${ssh_key_type}`;
}

const body = `
line_of() { while IFS= read -r line; do case $line in "$name":*) return 0 ;; esac; done <"$1"; line=''; return 1; }
bare() { text=$1; while :; do case $text in '!'*) text=\${text#?} ;; *) break ;; esac; done; }
old=$IFS
set -f
if line_of /etc/passwd; then echo own=yes; else line=$(getent passwd "$name" 2>/dev/null); fi
IFS=:
set -- $line
IFS=$old
home=\${home:-$6}
case $home in '~'*) home= ;; esac
echo "home=$home"
[ ! -e "$home" ] || echo home_exists=yes
parent=\${home%/*}
[ -d "\${parent:-/}" ] || echo parent_missing=yes
if [ -r /etc/shadow ] && line_of /etc/shadow; then
  IFS=:
  set -- $line
  IFS=$old
  echo "min=$4"; echo "max=$5"; echo "expire=$8"
  case $2 in '!'*) echo locked=yes ;; esac
  bare "$2"; stored=$text
  bare "$wanted"
  if [ "$stored" = "$text" ]; then echo password=same; else echo password=other; fi
fi
[ -n "$keys" ] || exit 0
case $key in /*) ;; *) key=$home/$key ;; esac
echo "key=$key"
[ ! -e "$key.pub" ] || echo "public=$(cat "$key.pub")"
[ ! -e "$key" ] || echo "fingerprint=$(ssh-keygen -l -f "$key" 2>&1)"
`;
