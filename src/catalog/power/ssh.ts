import { sh } from '../../model/command.ts';
import type { Host } from '../../model/host.ts';
import { definePower, type PowerAnswer, type PowerTurn } from '../../model/power.ts';
import { parseBootEntries, selectNetworkEntry } from '../boot-entries.ts';

export default definePower({
  name: 'ssh',
  summary: 'Switches off, restarts, or starts from the network a PC whose Linux answers over SSH.',
  options: {},
  actions: ['off', 'reboot', 'status', 'netboot'],
  turn(action, { host, answers: [first, second] }) {
    if (action === 'netboot') return bootFromNetwork(host, first, second);
    if (action === 'status')
      return first ? { done: 'a system answers over SSH', state: 'on' } : { deed: ask(sh`true`) };
    const verb = action === 'off' ? 'poweroff' : 'reboot';
    if (!first) return { deed: ask(leaveSoon(verb)) };
    return accepted(first) ? { done: `systemctl ${verb} over SSH` } : refusedBy(first, verb);
  },
});

const ask = (command: ReturnType<typeof sh>) => ({ kind: 'ask', command }) as const;

/** The session must be answered before the system that holds it goes down. */
const leaveSoon = (verb: 'poweroff' | 'reboot') => sh`
command -v systemctl >/dev/null || { echo 'systemctl is missing' >&2; exit 69; }
(sleep 1; systemctl ${verb}) </dev/null >/dev/null 2>&1 &`;

const probe = sh`
cat /proc/sys/kernel/random/boot_id
if [ -d /sys/firmware/efi ]; then
command -v efibootmgr >/dev/null || { echo 'no efibootmgr'; exit 0; }
efibootmgr -v || echo 'no boot entries'
else echo 'no UEFI'; fi`;

const setAndReboot = (number: string) => sh`
efibootmgr -q -n ${number} || exit 70
(sleep 1; systemctl reboot) </dev/null >/dev/null 2>&1 &`;

/** Sets BootNext to the network entry of the host's own card (UEFI, 3.1.1), and restarts. A BIOS has no such thing: it is restarted and must have the network first. */
function bootFromNetwork(host: Host, found?: PowerAnswer, restarted?: PowerAnswer): PowerTurn {
  if (!found) return { deed: ask(probe) };
  if (!accepted(found)) return refusedBy(found, 'reboot');
  const macs = host.macs.filter(({ role }) => role === 'wired').map(({ addr }) => addr);
  const entry = selectNetworkEntry(parseBootEntries(found.stdout), [...macs, host.mac]);
  if (entry) {
    if (!restarted) return { deed: ask(setAndReboot(entry.number)) };
    if (accepted(restarted))
      return { done: `BootNext ${entry.number} (${entry.label}) and restart over SSH` };
    return {
      failed: `efibootmgr could not set BootNext: ${saidBy(restarted)}`,
      hint: 'choose network boot at the PC, or set it first in the firmware',
    };
  }
  const why = whyNoEntry(found.stdout);
  if (!restarted) return { deed: ask(leaveSoon('reboot')) };
  if (!accepted(restarted)) return refusedBy(restarted, 'reboot');
  return {
    done: `restart over SSH; ${why}: it boots from the network only where that comes first`,
  };
}

function whyNoEntry(stdout: string): string {
  if (/^no UEFI$/m.test(stdout)) return 'a BIOS knows no BootNext';
  if (/^no efibootmgr$/m.test(stdout)) return 'efibootmgr is not installed on it';
  return 'its firmware has no network entry for its card';
}

/** A session that ends with the system is no refusal. */
function accepted({ exitCode }: PowerAnswer): boolean {
  return exitCode === 0 || exitCode === null;
}

function refusedBy(answer: PowerAnswer, verb: string): PowerTurn {
  return {
    failed: `the system did not take ${verb}: ${saidBy(answer)}`,
    hint: 'log in as root, or as a user who may become root (--become)',
  };
}

function saidBy({ stderr, exitCode }: PowerAnswer): string {
  return stderr.trim().split('\n').at(-1)?.slice(0, 200) || `exit code ${exitCode}`;
}
