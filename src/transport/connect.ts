import type { Connect } from '../model/connection.ts';
import { openConnection } from './open-connection.ts';
import { abortTrouble } from './reach.ts';
import type { Session } from './session.ts';
import type { TransportSettings } from './settings.ts';
import { prepareWays } from './ways.ts';

/** Makes the function that opens sessions, and the one that ends whatever is still open. */
export function createConnect(settings: TransportSettings): {
  connect: Connect;
  close(): Promise<void>;
} {
  const open = new Set<Session>();
  const ways = prepareWays(settings);
  const closeOne = async (session: Session) => {
    if (open.delete(session)) await session.close();
  };
  return {
    async connect(host, signal) {
      if (signal.aborted) throw abortTrouble(host.name, signal);
      const session = await ways(host, signal);
      open.add(session);
      const tracked = { ...session, close: () => closeOne(session) };
      return openConnection(host, tracked, settings.secrets);
    },
    async close() {
      await Promise.all([...open].map(closeOne));
    },
  };
}
