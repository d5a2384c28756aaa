import { superviseDnsmasq } from '../../../src/netboot/dnsmasq/supervise.ts';

/** Supervises dnsmasq with the configuration file named, prints its process id, and goes on until it is killed. */
const [configFile = ''] = process.argv.slice(2);
const dnsmasq = await superviseDnsmasq({
  ...{ program: 'dnsmasq', configFile, env: process.env },
  onLine: () => undefined,
  onChange: () => undefined,
});
console.log(dnsmasq.pid());
