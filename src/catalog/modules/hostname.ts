import { str } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type ModuleResult,
  type Planned,
  probeScript,
} from '../../model/module.ts';
import { readAnswers } from './parts/answers.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  readonly name: string;
  readonly use: string | undefined;
}

export default defineModule<Args>({
  name: 'hostname',
  collection: 'ansible.builtin',
  summary: 'Gives the host its name, now and after the next start.',
  args: {
    name: str({ required: true }),
    use: str({ choices: ['alpine', 'debian', 'generic', 'redhat', 'systemd'] }),
  },
  check: ({ name }) =>
    name !== undefined && name.length > 64
      ? ['a host name has at most 64 characters (hostname(7))']
      : [],
  isLocal: true,
  inspect: (args) =>
    ask({ names: probeScript(look) }, ({ names }) => plan(args, readAnswers(names.stdout))),
});

const look = sh`echo "running=$(uname -n)"
name=
[ ! -r /etc/hostname ] || IFS= read -r name </etc/hostname || :
echo "kept=$name"
echo "fqdn=$(hostname -f 2>/dev/null || uname -n)"
if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then echo systemd=yes; fi`;

function plan({ name, use }: Args, found: ReadonlyMap<string, string>): Planned {
  const running = found.get('running') ?? '';
  const kept = (found.get('kept') ?? '').trim();
  if (running === name && kept === name) return done(resultOf(name, name, found.get('fqdn')));
  const bySystemd = use === 'systemd' || (use === undefined && found.has('systemd'));
  if (use === 'systemd' && !found.has('systemd'))
    return fail('hostnamectl cannot be used: systemd does not run on this host');
  const actions = [
    ...(kept === name ? [] : [script(keep(name, bySystemd, use === 'systemd'))]),
    ...(running === name ? [] : [script(rename(name, bySystemd))]),
    script(sh`hostname -f 2>/dev/null || uname -n`),
  ];
  const before = running === name ? kept : running;
  return alter({
    actions,
    result: resultOf(name, before, undefined),
    failure: (ran) => `the name could not be set: ${complaintOf(ran)}`,
    next: (ran) => done(resultOf(name, before, ran.at(-1)?.stdout.trim())),
  });
}

// hostnamectl needs D-Bus, which a small system may lack: then the file is written as systemd would
function keep(name: string, bySystemd: boolean, mustSystemd: boolean): Command {
  const file = sh`umask 022; set -e
new=$(mktemp /etc/.hostname-XXXXXX)
printf '%s\n' ${name} >"$new"
chmod 644 "$new"
mv -f "$new" /etc/hostname 2>/dev/null || { printf '%s\n' ${name} >/etc/hostname; rm -f "$new"; }`;
  const control = sh`hostnamectl --pretty --static set-hostname ${name}`;
  if (!bySystemd) return file;
  return mustSystemd
    ? control
    : sh`${control} 2>/dev/null && exit 0
${file}`;
}

function rename(name: string, bySystemd: boolean): Command {
  const direct = sh`if command -v hostname >/dev/null; then hostname ${name}
else printf '%s\n' ${name} >/proc/sys/kernel/hostname; fi`;
  return bySystemd
    ? sh`hostnamectl --transient set-hostname ${name} 2>/dev/null && exit 0
${direct}`
    : direct;
}

function resultOf(name: string, before: string, fqdn: string | undefined): ModuleResult {
  const changed = name !== before;
  const full = fqdn === undefined || fqdn === '' ? name : fqdn;
  return {
    changed,
    values: { name },
    facts: {
      ansible_hostname: name.split('.')[0] ?? name,
      ansible_nodename: name,
      ansible_fqdn: full,
      ansible_domain: full.split('.').slice(1).join('.'),
    },
    ...(changed && {
      diff: [{ before: `hostname = ${before}\n`, after: `hostname = ${name}\n` }],
      changes: [`renamed the host from ${before} to ${name}`],
    }),
  };
}
