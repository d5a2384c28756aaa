import type { Socket } from 'node:net';
import type { Client } from 'ssh2';

/** What ssh2 1.17 keeps inside and has no public way for; each use stands without it, only slower. */
interface Inside {
  _remoteVer?: string;
  _callbacks?: (() => void)[];
  _protocol?: { ping?(): void };
}

/** Keeps ssh2 from asking the server to prove all its host keys after the login (PROTOCOL, hostkeys-prove-00@openssh.com): nobody reads the answer, and it costs the server a signature per key. */
export function leaveHostKeysAlone(client: Client): void {
  // ssh2 asks only servers whose version it recognises
  (client as Inside)._remoteVer = '';
}

/** Small questions that may be sent while the first process is being started. */
const mostNudges = 4;

/** Answers whatever comes in while the first process is being started by a small packet of our own. Right after a login a server has several small things to say, and each but the first waits (RFC 896, Nagle) for an acknowledgement that this side holds back for 40 ms (RFC 1122, 4.2.3.2). Returns the function that ends it. */
export function hurry(client: Client, socket: Socket): () => void {
  const inside = client as Inside;
  let left = mostNudges;
  const nudge = () => {
    if (left-- <= 0 || !socket.writable || !inside._callbacks || !inside._protocol?.ping) return;
    // replies are matched to questions by order alone
    inside._callbacks.push(() => {});
    inside._protocol.ping();
  };
  socket.on('data', nudge);
  return () => {
    socket.off('data', nudge);
  };
}

/** Smaller packets are left to the garbage collector. */
const releasedBytes = 16 * 1024;

/** Frees the memory of each large packet as soon as the socket has sent it: each is a buffer of its own that nobody looks at again, and the garbage collector, which hardly sees memory outside of its heap, would let many megabytes of them wait. */
export function releaseSent(socket: Socket): void {
  const write = socket.write.bind(socket) as (bytes: Uint8Array, done: WriteEnd) => boolean;
  const releasing = (bytes: Uint8Array) =>
    write(bytes, (error) => {
      if (!error) release(bytes);
    });
  socket.write = releasing as Socket['write'];
}

type WriteEnd = (error?: Error | null) => void;

function release({ buffer, byteLength }: Uint8Array): void {
  const isAlone = byteLength === buffer.byteLength;
  if (isAlone && byteLength >= releasedBytes && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
