import { str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import { ask, defineModule, done, type Planned, probeScript } from '../../model/module.ts';
import { readAnswers } from './parts/answers.ts';
import { alter, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  readonly name: string | undefined;
  readonly hwclock: string | undefined;
}

export default defineModule<Args>({
  name: 'timezone',
  collection: 'community.general',
  summary: "Sets the host's time zone and what its hardware clock counts.",
  args: { name: str(), hwclock: str({ choices: ['local', 'UTC'], aliases: ['rtc'] }) },
  check: ({ name, hwclock }, isRendered) =>
    name === undefined && hwclock === undefined && isRendered('name') && isRendered('hwclock')
      ? ['say what is wanted: name or hwclock']
      : [],
  isLocal: true,
  inspect: (args) =>
    ask({ found: probeScript(look(args)) }, ({ found }) => plan(args, readAnswers(found.stdout))),
});

// adjtime(5): the third line says what the hardware clock counts; UTC without the file
function look({ name }: Args): Command {
  return sh`name=${name ?? ''}
zone=$(readlink /etc/localtime)
case $zone in
*zoneinfo/*) zone=$(printf %s "$zone" | sed 's|.*zoneinfo/||') ;;
*) if [ -n "$name" ] && cmp -s /etc/localtime "/usr/share/zoneinfo/$name"; then zone=$name; else zone=n/a; fi ;;
esac
echo "zone=$zone"
[ ! -e /etc/timezone ] || { IFS= read -r written </etc/timezone; echo "written=$written"; }
[ -z "$name" ] || [ ! -f "/usr/share/zoneinfo/$name" ] || echo exists=yes
if grep -qs '^LOCAL' /etc/adjtime; then echo clock=local; else echo clock=UTC; fi
if [ -d /run/systemd/system ] && timedatectl status >/dev/null 2>&1; then echo systemd=yes; fi`;
}

function plan({ name, hwclock }: Args, found: ReadonlyMap<string, string>): Planned {
  if (name !== undefined && !found.has('exists'))
    return fail(`Error message:\ngiven timezone "${name}" is not available`);
  const bySystemd = found.has('systemd');
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  const commands: Command[] = [];
  const changes: string[] = [];
  if (name !== undefined) {
    before['name'] = zoneOf(found, bySystemd, name);
    after['name'] = name;
    if (before['name'] !== name) {
      commands.push(setZone(name, bySystemd));
      changes.push(`set the time zone to ${name}`);
    }
  }
  if (hwclock !== undefined) {
    before['hwclock'] = found.get('clock') ?? 'UTC';
    after['hwclock'] = hwclock;
    if (before['hwclock'] !== hwclock) {
      commands.push(setClock(hwclock, bySystemd));
      changes.push(`had the hardware clock count ${hwclock} time`);
    }
  }
  const diff = [{ before: JSON.stringify(before), after: JSON.stringify(after) }];
  if (commands.length === 0) return done({ changed: false, diff });
  return alter({
    actions: commands.map((command) => script(command)),
    result: { changed: true, diff, changes },
  });
}

function zoneOf(found: ReadonlyMap<string, string>, bySystemd: boolean, name: string): string {
  const zone = found.get('zone') ?? 'n/a';
  const written = found.get('written');
  if (zone !== name || bySystemd || written === undefined) return zone;
  return written;
}

function setZone(name: string, bySystemd: boolean): Command {
  const direct = sh`set -e
ln -snf /usr/share/zoneinfo/${name} /etc/localtime
if [ -e /etc/timezone ] || command -v dpkg-reconfigure >/dev/null; then printf '%s\n' ${name} >/etc/timezone; fi
if [ -e /etc/sysconfig/clock ]; then
  if grep -q '^TIMEZONE=' /etc/sysconfig/clock; then key=TIMEZONE; else key=ZONE; fi
  text=$(grep -v "^$key=" /etc/sysconfig/clock || :)
  printf '%s="%s"\n%s\n' "$key" ${name} "$text" >/etc/sysconfig/clock
fi`;
  return bySystemd ? sh`timedatectl set-timezone ${name}` : direct;
}

function setClock(hwclock: string, bySystemd: boolean): Command {
  if (bySystemd) return sh`timedatectl set-local-rtc ${hwclock === 'local' ? 'yes' : 'no'}`;
  return sh`hwclock --systohc ${hwclock === 'local' ? '--localtime' : '--utc'}`;
}
