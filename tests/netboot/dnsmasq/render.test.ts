import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/model/lab-error.ts';
import { chooseLoaders, findClientKind } from '../../../src/netboot/dnsmasq/clients.ts';
import { externalProducts, renderExternal } from '../../../src/netboot/dnsmasq/external.ts';
import { lintDnsmasq } from '../../../src/netboot/dnsmasq/lint.ts';
import { type DnsmasqSettings, renderDnsmasq } from '../../../src/netboot/dnsmasq/render.ts';
import { canServe } from '../../helpers/can-serve.ts';
import { makeDnsmasqSettings } from '../../helpers/netboot-settings.ts';

const dhcp: Partial<DnsmasqSettings> = {
  mode: 'dhcp',
  subnets: [
    {
      network: '10.77.0.0',
      netmask: '255.255.255.0',
      gateway: '10.77.0.254',
      pool: { first: '10.77.0.200', last: '10.77.0.250' },
    },
  ],
  reservations: [{ macs: ['52:54:00:00:00:01'], ip: '10.77.0.11', name: 'a01' }],
  secureBootMacs: ['52:54:00:00:00:01'],
  routerAdvertisements: true,
};

const variants: readonly [string, Partial<DnsmasqSettings>][] = [
  ['proxy mode', {}],
  ['proxy mode with a Secure Boot PC', { secureBootMacs: ['52:54:00:00:00:01'] }],
  [
    'proxy mode with addresses for Secure Boot PCs',
    {
      secureBootMacs: ['52:54:00:00:00:01'],
      bootAddresses: [{ macs: ['52:54:00:00:00:01'], ip: '10.77.0.11', name: 'a01' }],
    },
  ],
  ['dhcp mode with everything', dhcp],
  ['dhcp mode with no gateway and no pool', { mode: 'dhcp' }],
  ['files only', { mode: 'tftp' }],
];

const rulesOf = (text: string) => lintDnsmasq(text, 'dnsmasq.conf').map(({ rule }) => rule);

describe('the configuration of dnsmasq', () => {
  it.each(variants)('passes our own lint in %s', (_, more) => {
    expect(lintDnsmasq(renderDnsmasq(makeDnsmasqSettings(more)), 'dnsmasq.conf')).toEqual([]);
  });

  it.skipIf(!canServe('dnsmasq')).each(variants)('passes dnsmasq --test in %s', (_, more) => {
    const folder = mkdtempSync(join(tmpdir(), 'labkit-dnsmasq-'));
    try {
      const file = join(folder, 'dnsmasq.conf');
      writeFileSync(file, renderDnsmasq(makeDnsmasqSettings(more)));
      const tested = spawnSync('dnsmasq', ['--test', `--conf-file=${file}`], { encoding: 'utf8' });
      expect(tested.stderr).toContain('syntax check OK');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('beside another DHCP server gives no addresses, and names the server to iPXE', () => {
    const text = renderDnsmasq(makeDnsmasqSettings());
    expect(text).toContain('dhcp-range=10.77.0.0,proxy,255.255.255.0\n');
    expect(text.match(/^dhcp-range=/gm)).toHaveLength(1);
    expect(text).not.toContain('dhcp-host');
    expect(text).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of iPXE
      'dhcp-boot=tag:ipxe,http://10.77.0.2:8080/boot/${netX/mac:hexhyp},,10.77.0.2\n',
    );
  });

  it('announces no router unless the operator asks for it', () => {
    expect(renderDnsmasq(makeDnsmasqSettings())).not.toMatch(/ra-only|enable-ra/);
    const text = renderDnsmasq(makeDnsmasqSettings({ routerAdvertisements: true }));
    expect(text).toContain('enable-ra\n');
    expect(text).toContain('ra-param=lan,60,0\n');
  });

  it('offers shim to PCs with Secure Boot and the plain loader to the others', () => {
    const text = renderDnsmasq(makeDnsmasqSettings({ secureBootMacs: ['52:54:00:00:00:01'] }));
    expect(text).toContain('dhcp-mac=set:secure,52:54:00:00:00:01\n');
    for (const number of [7, 9]) {
      expect(text).toContain(
        `pxe-service=tag:!ipxe,tag:!secure,tag:x64,${number},"Network boot",snponly.efi,10.77.0.2\n`,
      );
      expect(text).toContain(
        `pxe-service=tag:!ipxe,tag:secure,tag:x64,${number},"Network boot",shimx64.efi,10.77.0.2\n`,
      );
    }
  });

  it('gives no address to anybody while no PC is to have one, whatever the register says', () => {
    const bare = { secureBootMacs: ['52:54:00:00:00:01'], reservations: dhcp.reservations ?? [] };
    const text = renderDnsmasq(makeDnsmasqSettings(bare));
    expect(text).not.toMatch(/dhcp-host|static|given|dhcp-ignore/);
  });

  it('refuses values that would become more than one word, whatever they are', () => {
    const bad = fc
      .tuple(
        fc.string(),
        fc.constantFrom(',', '\n', '#', ' ', '"', '\\', '\0', '/', '='),
        fc.string(),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(bad, (text) => {
        const tries: Partial<DnsmasqSettings>[] = [
          {
            ...dhcp,
            reservations: [{ macs: ['52:54:00:00:00:01'], ip: '10.77.0.11', name: text }],
          },
          { ...dhcp, reservations: [{ macs: [text], ip: '10.77.0.11', name: 'a01' }] },
          { ...dhcp, dns: [text] },
          { interface: text },
          { secureBootMacs: [text] },
          { bootAddresses: [{ macs: [text], ip: '10.77.0.11', name: 'a01' }] },
          { bootAddresses: [{ macs: ['52:54:00:00:00:01'], ip: text, name: 'a01' }] },
        ];
        for (const more of tries)
          expect(() => renderDnsmasq(makeDnsmasqSettings(more))).toThrow(LabError);
      }),
    );
  });

  it.each(['12h', 'infinite', 'ignore', 'xn--abc'])(
    'refuses the host name %s, which dnsmasq would misread',
    (name) => {
      const reservations = [{ macs: ['52:54:00:00:00:01'], ip: '10.77.0.11', name }];
      expect(() => renderDnsmasq(makeDnsmasqSettings({ ...dhcp, reservations }))).toThrow(
        /as a name/,
      );
    },
  );
});

describe('the lint', () => {
  const good = renderDnsmasq(makeDnsmasqSettings(dhcp));
  const proxy = renderDnsmasq(makeDnsmasqSettings());

  it.each([
    ['conf-dir=/etc/dnsmasq.d', 'foreign-directive'],
    ['dhcp-script=/tmp/x', 'foreign-directive'],
    ['dhcp-host=52:54:00:00:00:01,10.77.0.12,a02,12h', 'twice'],
    ['dhcp-host=52:54:00:00:00:02,10.77.0.11,a02,12h', 'twice'],
    ['dhcp-host=52:54:00:00:00:02,10.78.0.11,a02,12h', 'outside-range'],
    ['pxe-service=tag:bios,0,"x",undionly.kpxe,10.77.0.2', 'loader-loop'],
    ['dhcp-boot=tag:!ipxe,tag:bios,undionly.kpxe', 'boot-without-server'],
    ['# käse', 'odd-character'],
  ])('names "%s": %s', (line, rule) => {
    expect(rulesOf(`${good}${line}\n`)).toContain(rule);
  });

  it.each([
    ['no-ping', 'ping-check'],
    ['dhcp-ignore-clid', 'client-ids'],
    ['port=0', 'serves-names'],
    ['bind-interfaces', 'binds-all'],
    ['interface=lan', 'no-interface'],
    ['tftp-root=/run/labkit/tftp', 'no-tftp-root'],
  ])('misses "%s" when it is not there: %s', (line, rule) => {
    expect(rulesOf(good.replace(`\n${line}\n`, '\n'))).toEqual([rule]);
  });

  it('misses the script of iPXE, and says so in the place of two', () => {
    const script = /^dhcp-boot=tag:ipxe.*\n/m;
    expect(rulesOf(proxy.replace(script, ''))).toEqual(['no-script']);
    expect(rulesOf(proxy + (script.exec(proxy)?.[0] ?? ''))).toEqual(['no-script']);
  });
});

describe('loaders', () => {
  it('suit the number of option 93', () => {
    const firmwareOf = (number: number) => findClientKind(number)?.firmware;
    expect([0, 6, 7, 9, 11].map(firmwareOf)).toEqual([
      'bios',
      'uefi-ia32',
      'uefi-x64',
      'uefi-x64',
      'uefi-arm64',
    ]);
    expect(findClientKind(0x10)).toMatchObject({ firmware: 'uefi-x64', http: true });
    expect(findClientKind(0x13)).toMatchObject({ firmware: 'uefi-arm64', http: true });
    expect(findClientKind(0x29)).toBeUndefined();
  });

  it('are the signed iPXE chain for every PC once a site has added it whole', () => {
    const kind = findClientKind(7);
    if (!kind) throw new Error('no kind');
    const debian = ['snponly.efi', 'shimx64.efi', 'grubx64.efi'];
    expect(chooseLoaders(kind, new Set(debian))).toEqual({
      plain: 'snponly.efi',
      shim: 'shimx64.efi',
    });
    const signed = 'snponly-shimx64.efi';
    expect(chooseLoaders(kind, new Set([...debian, signed]))).toEqual({
      plain: signed,
      shim: signed,
    });
    expect(chooseLoaders(kind, new Set(['ipxe-shimx64.efi', 'snponly.efi']))).toEqual({
      plain: 'snponly.efi',
      shim: '',
    });
  });
});

describe("words for the campus's own DHCP server", () => {
  const settings = makeDnsmasqSettings();

  it.each(externalProducts)('name loader, server and script for %s', (product) => {
    const text = renderExternal(product, settings);
    for (const word of ['undionly.kpxe', 'snponly.efi', '10.77.0.2', '/boot/${net', 'HTTPClient'])
      expect(text).toContain(word);
  });
});
