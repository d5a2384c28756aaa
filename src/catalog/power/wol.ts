import { number, texts } from '../../model/options.ts';
import { definePower } from '../../model/power.ts';
import { renderWakePacket, wakeAddresses } from '../wake-packet.ts';

export default definePower({
  name: 'wol',
  summary:
    'Wakes a PC with a magic packet (Wake-on-LAN); it cannot switch one off or say whether it is on.',
  options: {
    addresses: texts(
      [],
      'where the packet is sent; empty: the broadcast of the room, and of the network this machine is in',
    ),
    port: number(9, 'UDP port of the packet', { min: 1, max: 65_535 }),
  },
  actions: ['on', 'netboot'],
  turn(action, { host, options, answers }) {
    const macs = host.macs.filter(({ role }) => role === 'wired').map(({ addr }) => addr);
    const known = macs.length > 0 || host.mac === '' ? macs : [host.mac];
    const mac = known[answers.length];
    const addresses = options.addresses.length > 0 ? options.addresses : wakeAddresses(host);
    if (mac !== undefined)
      return {
        deed: { kind: 'send', payload: renderWakePacket(mac), addresses, port: options.port },
      };
    if (known.length === 0)
      return { failed: 'it has no wired MAC address', hint: 'write its mac into the inventory' };
    const order = action === 'netboot' ? '; it boots from the network where that comes first' : '';
    return { done: `magic packet to ${known.join(', ')}${order}` };
  },
});
