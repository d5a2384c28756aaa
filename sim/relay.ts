/** Stands before a PC's SSH server and behaves badly: `node relay.ts slow|silent|reset`. Prints its own process id once it listens. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

const delayMs = 150;
/** Where the real server listens while a slow relay has its port. */
const serverPort = 2222;

/** Every piece waits: a long way there, and one piece at a time, so that much data takes long as well. */
function passSlowly(from: Socket, to: Socket): void {
  from.on('data', (chunk) => {
    from.pause();
    setTimeout(() => {
      if (to.writable) to.write(chunk);
      from.resume();
    }, delayMs);
  });
  from.on('end', () => setTimeout(() => to.end(), delayMs));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), delayMs * 2));
}

const behaviours: Record<string, (client: Socket) => void> = {
  silent: (client) => void client.on('error', () => client.destroy()),
  reset: (client) => void client.on('error', () => undefined).resetAndDestroy(),
  slow: (client) => {
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    passSlowly(client, server);
    passSlowly(server, client);
  },
};

const behave = behaviours[process.argv[2] ?? ''];
if (behave === undefined) {
  console.error('usage: node relay.ts slow|silent|reset');
  process.exit(5);
}
createServer({ noDelay: true, allowHalfOpen: true }, behave).listen(22, '0.0.0.0', () => {
  // /proc is the machine's, so this is the number others know the process by.
  console.log(readFileSync('/proc/self/stat', 'utf8').split(' ')[0]);
});
