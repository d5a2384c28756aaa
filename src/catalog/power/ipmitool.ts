import { choice, text } from '../../model/options.ts';
import { definePower, type PowerAction, type PowerAnswer } from '../../model/power.ts';

const verbs: { readonly [A in PowerAction]: readonly (readonly string[])[] } = {
  on: [['chassis', 'power', 'on']],
  off: [['chassis', 'power', 'soft']],
  reboot: [['chassis', 'power', 'cycle']],
  status: [['chassis', 'power', 'status']],
  netboot: [
    ['chassis', 'bootdev', 'pxe'],
    ['chassis', 'power', 'status'],
  ],
};

export default definePower({
  name: 'ipmitool',
  summary: 'Switches a PC through its remote controller (IPMI over LAN).',
  options: {
    address: text('', 'address of the remote controller'),
    user: text('', 'user of the remote controller'),
    password_file: text(
      '',
      'a file of mode 0600 that holds its password; never written here itself',
    ),
    interface: choice('lanplus', ['lanplus', 'lan'], 'IPMI 2.0 or 1.5'),
    firmware: choice('uefi', ['uefi', 'bios'], 'how the network boot of netboot is asked for'),
  },
  actions: ['on', 'off', 'reboot', 'status', 'netboot'],
  turn(action, { options, answers }) {
    const { address, user, password_file: file, interface: way, firmware } = options;
    if (!isWord(address) || !isWord(user) || file === '')
      return {
        failed: 'its power setting lacks address, user or password_file',
        hint: 'write power: {by: ipmitool, address: 10.1.9.7, user: lab, password_file: /etc/lab/bmc}',
      };
    const last = answers.at(-1);
    if (last && last.exitCode !== 0) return failedBy(last);
    const call = (verb: readonly string[]) => {
      const base = ['-I', way, '-H', address, '-U', user, '-f', file];
      return { deed: { kind: 'call', program: 'ipmitool', args: [...base, ...verb] } } as const;
    };
    const verb = verbs[action][answers.length];
    const isBootdev = verb?.includes('bootdev') && firmware === 'uefi';
    if (verb) return call(isBootdev ? [...verb, 'options=efiboot'] : verb);
    const state = stateOf(last);
    if (action === 'status')
      return state
        ? { done: `the remote controller says ${state}`, state }
        : { failed: `the remote controller said "${last?.stdout.trim()}"`, hint: '' };
    if (action !== 'netboot') return { done: `chassis power ${action} through ${address}` };
    if (answers.length === 2) return call(['chassis', 'power', state === 'on' ? 'reset' : 'on']);
    return { done: `one start from the network through ${address}` };
  },
});

function stateOf(answer: PowerAnswer | undefined): 'on' | 'off' | undefined {
  const word = /power is (on|off)/i.exec(answer?.stdout ?? '')?.[1]?.toLowerCase();
  return word === 'on' || word === 'off' ? word : undefined;
}

/** A value that ipmitool cannot take for a flag. */
function isWord(value: string): boolean {
  return /^[\w.:@][\w.:@-]*$/.test(value);
}

function failedBy({ stderr, exitCode }: PowerAnswer) {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) || `exit code ${exitCode}`;
  return {
    failed: `ipmitool: ${said}`,
    hint: 'try the same by hand; address, user and password_file stand in its variable power',
  };
}
