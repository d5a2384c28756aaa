import { bool, int, str } from '../../model/arguments.ts';
import { ask, defineModule, probeScript } from '../../model/module.ts';
import { type UfwArgs, ufwProblems } from './parts/ufw-args.ts';
import { lookUfw, planUfw } from './parts/ufw-plan.ts';

const places = ['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6'];

export default defineModule<UfwArgs>({
  name: 'ufw',
  collection: 'community.general',
  summary: 'Keeps rules, defaults and the state of the firewall ufw.',
  args: {
    state: str({ choices: ['enabled', 'disabled', 'reloaded', 'reset'] }),
    default: str({ aliases: ['policy'], choices: ['allow', 'deny', 'reject'] }),
    logging: str({ choices: ['full', 'high', 'low', 'medium', 'off', 'on'] }),
    direction: str({ choices: ['in', 'incoming', 'out', 'outgoing', 'routed'] }),
    rule: str({ choices: ['allow', 'deny', 'limit', 'reject'] }),
    delete: bool({ fallback: false }),
    route: bool({ fallback: false }),
    insert: int(),
    insert_relative_to: str({ fallback: 'zero', choices: places }),
    interface: str({ aliases: ['if'] }),
    interface_in: str({ aliases: ['if_in'] }),
    interface_out: str({ aliases: ['if_out'] }),
    log: bool({ fallback: false }),
    from_ip: str({ fallback: 'any', aliases: ['from', 'src'] }),
    from_port: str(),
    to_ip: str({ fallback: 'any', aliases: ['dest', 'to'] }),
    to_port: str({ aliases: ['port'] }),
    proto: str({
      aliases: ['protocol'],
      choices: ['ah', 'any', 'esp', 'ipv6', 'tcp', 'udp', 'gre', 'igmp'],
    }),
    name: str({ aliases: ['app'] }),
    comment: str(),
  },
  check: ufwProblems,
  isLocal: false,
  inspect: (args, call) =>
    ask({ found: probeScript(lookUfw(args, call)) }, ({ found }) => planUfw(args, call, found)),
});
