import type { Host } from '../model/host.ts';
import { parseSubnet } from '../model/ip.ts';

/** The magic packet for a MAC address (lower-case, colons): six bytes 0xff, then the address sixteen times (AMD, Magic Packet Technology, publication 20213). */
export function renderWakePacket(mac: string): Uint8Array {
  const address = mac.split(':').map((pair) => Number.parseInt(pair, 16));
  const all = Array.from({ length: 16 }, () => address).flat();
  return Uint8Array.from([...Array.from({ length: 6 }, () => 0xff), ...all]);
}

/** Where a packet for a host is sent: the limited broadcast, and that of its room, which routers may let through. */
export function wakeAddresses({ room }: Host): readonly string[] {
  const parsed = parseSubnet(room?.subnet ?? '');
  if (!('subnet' in parsed) || parsed.subnet.version !== 4) return ['255.255.255.255'];
  const last = Number(parsed.subnet.last);
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256);
  return ['255.255.255.255', parts.join('.')];
}
