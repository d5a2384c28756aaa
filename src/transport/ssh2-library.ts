import { createRequire } from 'node:module';

type Whole = typeof import('ssh2');

/** What Labkit uses of ssh2. */
export interface Ssh2 {
  readonly Client: Whole['Client'];
  readonly createAgent: Whole['createAgent'];
  readonly parseKey: Whole['utils']['parseKey'];
}

const loadPart = createRequire(import.meta.url);
let loaded: Ssh2 | undefined;

/** Loads ssh2 at first use, and of it only the client: its server, key generator and HTTP agents would make the start a quarter longer. */
export function loadSsh2(): Ssh2 {
  loaded ??= {
    Client: loadPart('ssh2/lib/client.js') as Whole['Client'],
    createAgent: loadPart('ssh2/lib/agent.js').createAgent as Whole['createAgent'],
    parseKey: loadPart('ssh2/lib/protocol/keyParser.js').parseKey as Whole['utils']['parseKey'],
  };
  return loaded;
}
