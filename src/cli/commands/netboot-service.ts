import { join, resolve } from 'node:path';
import { defineCommand } from '../define-command.ts';
import { readServeWish, serveOptions } from '../netboot/read-serve-wish.ts';
import { renderUnit } from '../netboot/render-unit.ts';

export default defineCommand({
  syntax: 'netboot service',
  summary: 'Print a hardened systemd unit that keeps the boot service running',
  description:
    'Takes the flags of netboot serve and writes them into the unit. Nothing is installed: save it as /etc/systemd/system/labkit-netboot.service, then systemctl enable --now labkit-netboot.',
  options: serveOptions,
  families: ['inventory', 'project'],
  examples: ['netboot service --interface eth1', 'netboot service > labkit-netboot.service'],
  async run({ io, settings }, _, options) {
    const wish = readServeWish(options);
    const pool = wish.pool ? ['--pool', `${wish.pool.first}-${wish.pool.last}`] : [];
    const command = [
      ...[process.execPath, join(io.programFolder, 'cli', entryFile())],
      ...settings.inventories.flatMap((path) => ['-i', resolve(io.cwd, path)]),
      ...['--state', settings.stateFolder, 'netboot', 'serve'],
      ...['--mode', wish.mode, '--port', String(wish.port)],
      ...(wish.interface === undefined ? [] : ['--interface', wish.interface]),
      ...pool,
      ...(wish.dns.length === 0 ? [] : ['--dns', wish.dns.join()]),
      ...wish.dhcpServers.flatMap((address) => ['--dhcp-server', address]),
      ...(wish.secureBootAddresses ? ['--secure-boot-addresses'] : []),
      ...(wish.routerAdvertisements ? ['--router-advertisements'] : []),
    ];
    const { folder: projectFolder, stateFolder } = settings;
    io.stdout.write(renderUnit({ command, projectFolder, stateFolder }));
    return 0;
  },
});

/** `bin.ts` in the source tree, `bin.js` when built. */
function entryFile(): string {
  return import.meta.url.endsWith('.ts') ? 'bin.ts' : 'bin.js';
}
