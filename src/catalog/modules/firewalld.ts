import { bool, int, list, str } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import {
  type FirewallArgs,
  firewallProblems,
  isPermanent,
  wishOf,
} from './parts/firewalld-args.ts';
import { lookScript, planFirewall } from './parts/firewalld-plan.ts';

export default defineModule<FirewallArgs>({
  name: 'firewalld',
  collection: 'ansible.posix',
  summary: 'Opens and closes services, ports and more in a zone of firewalld.',
  args: {
    service: str(),
    port: str(),
    protocol: str(),
    port_forward: list(),
    rich_rule: str(),
    source: str(),
    interface: str(),
    icmp_block: str(),
    icmp_block_inversion: str(),
    masquerade: str(),
    target: str({ choices: ['default', 'ACCEPT', 'DROP', '%%REJECT%%'] }),
    zone: str(),
    state: str({ required: true, choices: ['absent', 'disabled', 'enabled', 'present'] }),
    permanent: bool(),
    immediate: bool({ fallback: false }),
    timeout: int({ fallback: 0 }),
    offline: bool({ ignored: 'whether firewalld runs is seen on the host' }),
  },
  check: firewallProblems,
  isLocal: false,
  inspect(args, call) {
    const wish = wishOf(args);
    const permanent = isPermanent(args);
    const immediate = args.immediate || !permanent;
    const look = lookScript(wish, args.zone, { permanent, immediate });
    return ask({ found: probeScript(look) }, ({ found }) =>
      planFirewall({ args, wish, permanent, immediate, call }, found),
    );
  },
});
