import { sh } from '../../../model/command.ts';
import type { ScriptAction } from '../../../model/module.ts';
import { script } from './script-action.ts';

/** Makes a home that is missing from the skeleton, with the mode login.defs(5) asks for and the account's ids, where useradd(8) did not make it. */
export function makeHome(name: string, home: string, skeleton: string | undefined): ScriptAction {
  return script(sh`set -e
name=${name} home=${home} skeleton=${skeleton ?? '/etc/skel'}
[ ! -e "$home" ] || exit 0
umask 022
mkdir -p -- "$home"
[ ! -d "$skeleton" ] || cp -R -P -p -- "$skeleton"/. "$home"/
mask=$(sed -n 's/^UMASK[[:space:]][[:space:]]*\([0-7][0-7]*\)[[:space:]]*$/\1/p' /etc/login.defs 2>/dev/null | tail -n 1)
[ -z "$mask" ] || (umask "$mask" && chmod "$(umask -S)" "$home")
chown -R -h "$(id -u "$name"):$(id -g "$name")" "$home"`);
}
