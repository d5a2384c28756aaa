import { sh } from '../model/command.ts';
import type { ProfileContext } from '../model/profile.ts';
import { keyLines, tellFunctions } from './install-scripts.ts';

/** Shell that makes a new system below `root` the technicians' own ('' inside it): their keys, an account without a password, one kind of host key, the mark of Labkit (`PROFILE -`, since an installer writes no image). It tells `installed` with the public host key when every step went well, and `failed` with the step that did not. */
export function claimSystem(
  context: ProfileContext<{ readonly user: string }>,
  system: { readonly root: string; readonly profile: string; readonly sudoGroup: 'sudo' | 'wheel' },
): string {
  return `${tellFunctions(context.reportUrl)}${guard}${technicians(context, system)}${identity(system.profile)}`;
}

/** `set -e` knows nothing of the left side of a list: each command stands on a line of its own. */
const guard = sh`doing='beginning' claimed=
end_claim() {
  [ -n "$claimed" ] || tell failed "&reason=$(query_text "the new system could not be claimed: $doing")" || :
}
trap end_claim EXIT
set -e
`.script;

function technicians(
  { options, sshKeys }: ProfileContext<{ readonly user: string }>,
  { root, sudoGroup }: { readonly root: string; readonly sudoGroup: string },
): string {
  return sh`root=${root} user=${options.user}
in_root() { if [ -n "$root" ]; then chroot "$root" "$@"; else "$@"; fi; }
put_keys() {
  mkdir -p "$root$1/.ssh"
  chmod 700 "$root$1/.ssh"
  printf '%s\n' ${keyLines(sshKeys)} >"$root$1/.ssh/authorized_keys"
  grep -q . "$root$1/.ssh/authorized_keys"
  chmod 600 "$root$1/.ssh/authorized_keys"
}
doing='the keys of root'
put_keys /root
if [ -n "$user" ]; then
  doing="the account $user"
  in_root id -u "$user" >/dev/null 2>&1 || in_root useradd -m -s /bin/bash -G ${sudoGroup} "$user"
  put_keys "/home/$user"
  in_root chown -R "$user:" "/home/$user/.ssh"
  mkdir -p "$root/etc/sudoers.d"
  printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$user" >"$root/etc/sudoers.d/labkit"
  chmod 440 "$root/etc/sudoers.d/labkit"
fi
`.script;
}

function identity(profile: string): string {
  return sh`doing='the mark of Labkit'
mkdir -p "$root/etc/labkit"
printf '%s -\n' ${profile} >"$root/etc/labkit/image"
doing='its host key'
rm -f "$root"/etc/ssh/ssh_host_*
in_root ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key
read -r key_kind key_text rest <"$root/etc/ssh/ssh_host_ed25519_key.pub"
[ "$key_kind" = ssh-ed25519 ]
[ -n "$key_text" ]
key=$(printf '%s %s' "$key_kind" "$key_text" | sed 's/%/%25/g;s/+/%2B/g;s/=/%3D/g;s/ /%20/g;s|/|%2F|g')
sync
doing='telling that it is installed'
tell installed "&hostkey=$key"
claimed=yes
`.script;
}
