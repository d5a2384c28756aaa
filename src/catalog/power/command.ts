import type { Host } from '../../model/host.ts';
import { texts } from '../../model/options.ts';
import { definePower, type PowerAnswer } from '../../model/power.ts';

const words = (what: string) =>
  texts([], `program and arguments that ${what}; {host}, {mac} and {ip} are filled in`);

export default definePower({
  name: 'command',
  summary: "Switches a PC with a site's own programs, such as those of a socket strip.",
  options: {
    on: words('switch it on'),
    off: words('switch it off'),
    reboot: words('restart it'),
    status: words('print "on" or "off"'),
    netboot: words('start it from the network'),
  },
  actions: ['on', 'off', 'reboot', 'status', 'netboot'],
  turn(action, { host, options, answers: [answer] }) {
    // A PC that is switched on where the network comes first needs no program of its own for it.
    const asked =
      action === 'netboot' && options.netboot.length === 0 ? options.on : options[action];
    const [program, ...args] = asked.map((word) => fillIn(word, host));
    if (program === undefined || program === '')
      return {
        failed: `its power setting has no program for "${action}"`,
        hint: `write power: {by: command, ${action}: [/usr/local/bin/switch, "{host}"]}`,
      };
    if (!answer) return { deed: { kind: 'call', program, args } };
    if (answer.exitCode !== 0) return { failed: saidBy(program, answer), hint: '' };
    if (action !== 'status') return { done: `${program} for "${action}"` };
    const state = answer.stdout.trim().toLowerCase();
    return state === 'on' || state === 'off'
      ? { done: `${program} says ${state}`, state }
      : { failed: `${program} said neither on nor off`, hint: 'it must print one of the two' };
  },
});

/** Values fill a word, they never become several: no shell reads it. */
function fillIn(word: string, { name, mac, ip }: Host): string {
  return word.replaceAll(/\{(host|mac|ip)\}/g, (_, key) =>
    key === 'host' ? name : key === 'mac' ? mac : ip,
  );
}

function saidBy(program: string, { stderr, exitCode }: PowerAnswer): string {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200);
  return `${program}: ${said || `exit code ${exitCode}`}`;
}
