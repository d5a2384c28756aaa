import { externalProducts, renderExternal } from '../../netboot/dnsmasq/external.ts';
import { defineCommand } from '../define-command.ts';
import { describeServer } from '../netboot/check-ground.ts';
import { openService } from '../netboot/open-service.ts';
import { readServeWish, serveOptions } from '../netboot/read-serve-wish.ts';
import { warnSecureBoot } from '../netboot/warn-secure-boot.ts';

export default defineCommand({
  syntax: 'netboot serve',
  summary: 'Serve PCs that boot from the network: DHCP or proxyDHCP, TFTP, boot scripts and files',
  description:
    'Runs until it is ended (Ctrl-C, SIGTERM). Checks this machine and its segment first and says everything that is in the way. A PC that is not armed gets a menu whose default is its own disk.\n' +
    "proxy (default): answers beside the network's own DHCP server, gives no addresses. dhcp: gives the addresses of the register. external: gives files only, and prints what the DHCP server of the campus must be told.",
  options: serveOptions,
  families: ['inventory', 'project'],
  examples: [
    'netboot serve',
    'netboot serve --interface eth1 --port 8080',
    'netboot serve --mode dhcp --pool 10.1.1.200-10.1.1.250',
  ],
  async run(context, _, options) {
    const { io } = context;
    const say = (text: string) => {
      io.stderr.write(`${new Date(io.now()).toISOString().slice(11, 19)} ${text}\n`);
    };
    const stopped = Promise.withResolvers<void>();
    context.defer(io.onInterrupt(() => stopped.resolve()));
    const wish = readServeWish(options);
    const service = await openService(context, { ...wish, say, random: Math.random });
    for (const note of service.ground.notes) say(note);
    for (const sentence of warnSecureBoot(service.prepared, service.ground.servers))
      say(`warning: ${sentence}`);
    for (const sentence of service.prepared.missing) say(`missing: ${sentence}`);
    if (wish.mode === 'external') {
      for (const product of externalProducts)
        io.stdout.write(`# ${product}\n${renderExternal(product, service.prepared.dnsmasq)}\n`);
    }
    const beside = (service.ground.servers ?? []).map(describeServer).join('; ');
    io.stdout.write(
      `ready: ${service.url} on ${service.card.name}, ${wish.mode}${beside === '' ? '' : `, beside ${beside}`}\n`,
    );
    await stopped.promise;
    say('ending');
    return 0;
  },
});
