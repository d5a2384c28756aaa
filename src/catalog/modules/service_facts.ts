import { sh } from '../../model/command.ts';
import { ask, defineModule, done, probeScript } from '../../model/module.ts';
import { readServices } from './parts/service-list.ts';

// the units that have a file and are not loaded are asked for in one go, in the order of their files
const list = sh`if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
  echo lab.units
  units=$(systemctl list-units --no-pager --no-legend --plain --full --type service --all)
  printf '%s\n' "$units"
  echo lab.files
  files=$(systemctl list-unit-files --no-pager --no-legend --type service --all)
  printf '%s\n' "$files"
  echo lab.states
  loaded=" $(printf '%s\n' "$units" | while read -r name rest; do printf '%s ' "$name"; done) "
  set --
  while read -r name rest; do
    case $name in '' | *@.service) continue ;; esac
    case $loaded in *" $name "*) ;; *) set -- "$@" "$name" ;; esac
  done <<LAB
$files
LAB
  [ $# = 0 ] || for name in "$@"; do printf '%s ' "$name"; done
  echo
  [ $# = 0 ] || systemctl show --property=ActiveState -- "$@"
fi
if command -v service >/dev/null && ! command -v chkconfig >/dev/null && ! command -v rc-status >/dev/null; then
  echo lab.scripts
  service --status-all 2>/dev/null
fi
true`;

export default defineModule<object>({
  name: 'service_facts',
  collection: 'ansible.builtin',
  summary: 'Lists the services of the host with their states, as the fact `services`.',
  args: {},
  isLocal: true,
  inspect: () =>
    ask({ list: probeScript(list) }, ({ list: found }) =>
      done({ changed: false, facts: { services: readServices(found.stdout) } }),
    ),
});
