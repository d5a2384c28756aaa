import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDiscover, parseOffer } from '../../../src/netboot/dnsmasq/dhcp-packet.ts';
import { parseLogLine } from '../../../src/netboot/dnsmasq/log.ts';
import { findNeighbour } from '../../../src/netboot/dnsmasq/neighbours.ts';
import {
  buildTftpTree,
  putTreeText,
  removeTreeText,
} from '../../../src/netboot/dnsmasq/tftp-tree.ts';

describe("dnsmasq's log", () => {
  const read = (line: string) => parseLogLine(line, '/run/labkit/tftp');

  it('tells which PC asked, by its MAC address', () => {
    const lines = [
      'dnsmasq-dhcp[9]: 3576254549 PXE(lan) 52:54:00:00:00:01 proxy',
      'dnsmasq-dhcp[9]: 883978552 DHCPDISCOVER(lan) 52:54:00:00:00:01',
      'dnsmasq-dhcp[9]: 883978552 DHCPREQUEST(lan) 10.77.0.11 52:54:00:00:00:01',
      'dnsmasq-dhcp[9]: 883978552 PXE(lan) 10.77.0.11 52:54:00:00:00:01 snponly.efi',
    ];
    for (const line of lines)
      expect(read(line)).toMatchObject({ type: 'asked', mac: '52:54:00:00:00:01' });
  });

  it('tells which file went to which address, and which was not there', () => {
    expect(read('dnsmasq-tftp[9]: sent /run/labkit/tftp/snponly.efi to 10.77.0.109')).toEqual({
      type: 'sent',
      address: '10.77.0.109',
      file: 'snponly.efi',
    });
    expect(read('dnsmasq-tftp[9]: file /run/labkit/tftp/secret not found for 10.77.0.109')).toEqual(
      { type: 'missing', address: '10.77.0.109', file: 'secret' },
    );
  });

  it.each([
    ...['revocations_sbat.efi', 'shim_certificate_0.efi', 'grub/x86_64-efi/command.lst'],
    'grub/host/52:54:00:00:00:01',
  ])('is silent about %s, which loaders ask for and do without', (name) => {
    expect(
      read(`dnsmasq-tftp[9]: file /run/labkit/tftp/${name} not found for 10.77.0.109`),
    ).toBeUndefined();
  });

  it('is never stopped by what a stranger made dnsmasq write', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(() => read(line)).not.toThrow();
      }),
    );
    expect(
      read('dnsmasq-dhcp[9]: 1 client provides name: PXE(lan) 52:54:00:00:00:01'),
    ).toBeUndefined();
  });
});

describe('DHCP packets', () => {
  const offer = (transaction: number) => {
    const packet = makeDiscover(transaction, '52:54:00:00:00:01');
    packet[0] = 2;
    packet.set([10, 77, 0, 100], 16);
    packet.set([53, 1, 2, 54, 4, 10, 77, 0, 66, 3, 4, 10, 77, 0, 66, 255], 240);
    return packet;
  };

  it('ask by broadcast as a PC that boots', () => {
    const packet = makeDiscover(7, '52:54:00:00:00:01');
    expect(packet.readUInt16BE(10)).toBe(0x8000);
    expect(packet.subarray(28, 34).toString('hex')).toBe('525400000001');
    expect(packet.includes('PXEClient:Arch:00007')).toBe(true);
    expect(packet.length).toBeGreaterThanOrEqual(300);
  });

  it('are read only where they answer us', () => {
    expect(parseOffer(offer(7), 7)).toMatchObject({
      ...{ server: '10.77.0.66', offered: '10.77.0.100', router: '10.77.0.66', isProxy: false },
    });
    expect(parseOffer(offer(7), 8)).toBeUndefined();
    expect(parseOffer(makeDiscover(7, '52:54:00:00:00:01'), 7)).toBeUndefined();
  });

  it('may hold anything: no bytes end in an exception or in control characters', () => {
    const tail = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(tail, fc.nat(700), (bytes, cut) => {
        const whole = Buffer.concat([offer(7).subarray(0, 243), Buffer.from(bytes)]);
        const found = parseOffer(whole.subarray(0, cut), 7);
        expect(`${found?.bootFile}${found?.bootServer}`).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('the neighbour table', () => {
  const table = `IP address       HW type     Flags       HW address            Mask     Device
10.77.0.1        0x1         0x2         52:54:00:5E:00:01     *        lan
10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        lan
`;
  it('knows the address of who answered, and of nobody else', () => {
    expect(findNeighbour(table, '10.77.0.1')).toBe('52:54:00:5e:00:01');
    expect(findNeighbour(table, '10.77.0.9')).toBe('');
    expect(findNeighbour(table, '10.77.0.2')).toBe('');
  });
});

describe('the TFTP tree', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labkit-tree-'));
    mkdirSync(join(folder, 'site'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const build = (more = {}) =>
    buildTftpTree({
      ...{ root: join(folder, 'tftp'), siteFolder: join(folder, 'site') },
      ...{ texts: new Map([['grub/grub.cfg', 'set timeout=5\n']]), files: new Map(), ...more },
    });

  it("holds plain files that nobody can write, and the site's own before the distribution's", async () => {
    writeFileSync(join(folder, 'site', 'ipxe.efi'), 'our own');
    chmodSync(join(folder, 'site', 'ipxe.efi'), 0o600);
    const { files } = await build();
    const root = join(folder, 'tftp');
    for (const { name } of files) {
      const found = lstatSync(join(root, name));
      expect([name, found.isFile(), found.mode & 0o777]).toEqual([name, true, 0o444]);
    }
    expect(readFileSync(join(root, 'ipxe.efi'), 'utf8')).toBe('our own');
    expect(files.map(({ name }) => name)).toContain('grub/grub.cfg');
    expect(statSync(join(root, 'grub')).mode & 0o777).toBe(0o755);
  });

  it('is made anew whole: what was there before is gone', async () => {
    await build();
    await putTreeText(join(folder, 'tftp'), 'grub/host/52:54:00:00:00:01', 'menuentry');
    expect(readFileSync(join(folder, 'tftp/grub/host/52:54:00:00:00:01'), 'utf8')).toBe(
      'menuentry',
    );
    await removeTreeText(join(folder, 'tftp'), 'grub/host/52:54:00:00:00:01');
    await removeTreeText(join(folder, 'tftp'), 'grub/host/52:54:00:00:00:01');
    await putTreeText(join(folder, 'tftp'), 'stale', 'x');
    await build();
    expect(() => statSync(join(folder, 'tftp/stale'))).toThrow('ENOENT');
  });

  it("refuses a link that leads out of the site's folder, and names that lead out of the tree", async () => {
    symlinkSync('/etc/shadow', join(folder, 'site', 'ipxe.efi'));
    await expect(build()).rejects.toThrow('leads out of its folder');
    for (const name of ['../up', '/etc/passwd', 'a/../../b', '.hidden', 'a\nb', ''])
      await expect(putTreeText(join(folder, 'tftp'), name, '')).rejects.toThrow('cannot be a name');
  });
});
