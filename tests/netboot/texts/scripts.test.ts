import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BootRequester } from '../../../src/model/boot.ts';
import { localBoots } from '../../../src/model/local-boot.ts';
import type { ScriptAnswer } from '../../../src/netboot/boot-desk-types.ts';
import { renderBootScript, type ScriptSite } from '../../../src/netboot/texts/boot-script.ts';
import { renderGreeting } from '../../../src/netboot/texts/greeting.ts';
import { renderMessage } from '../../../src/netboot/texts/screens.ts';
import { makeHost } from '../../helpers/make-host.ts';

const server = 'http://10.1.0.2:8080';
const grub = { sha256: 'b'.repeat(64), name: 'local-disk.efi' };
const site: ScriptSite = {
  server,
  sshKeys: [],
  findAsset: (_, name) => ({ sha256: 'a'.repeat(64), name }),
  localGrub: grub,
  localBootOf: () => '',
  menuSeconds: 5,
};
const requester: BootRequester = {
  mac: '52:54:00:12:34:56',
  uuid: '',
  serial: '',
  manufacturer: '',
  model: '',
  firmware: 'bios',
  secureBoot: false,
  address: '10.1.0.9',
};
const at = { file: '', line: 1, column: 1 };
const texts = { title: '', kind: '', maintainer: '', subnet: '', gateway: '', vlan: '' };
const room = (name: string) => ({ name, ...texts, columns: 0, lessons: null, at });
const known = makeHost('a07', { room: room('lab_a'), seat: 'A-07' });
const menuFor = (host?: typeof known): ScriptAnswer => ({
  kind: 'local',
  menu: true,
  reason: '',
  ...(host ? { host } : {}),
});
const proposals = [
  { room: 'lab_a', seat: 'A-08' },
  { room: 'lab_b', seat: '靠窗' },
];

const localLines = `:local
iseq \${platform} efi && goto local_efi ||
sanboot --no-describe --drive 0x80 ||
exit 1
:local_efi
chain --autofree ${server}/boot/asset/${'b'.repeat(64)}/local-disk.efi ||
exit 1
`;
const portrait = `mac=\${netX/mac:hexhyp}&uuid=\${uuid}&hex_serial=\${serial:hexraw}&hex_manufacturer=\${manufacturer:hexraw}&hex_product=\${product:hexraw}&hex_asset=\${asset:hexraw}&platform=\${platform}&buildarch=\${buildarch}&secureboot=\${efi/SecureBoot:uint8}&ip=\${netX/ip}&netmask=\${netX/netmask}&gateway=\${netX/gateway}&dns=\${netX/dns}`;
const head = '#!ipxe\nclear username\nclear password\n';

/** Commands of the script that go before any value, and the labels it jumps to and has. */
function anatomy(script: string) {
  const lines = script.trimEnd().split('\n').slice(1);
  const labels = lines.filter((line) => line.startsWith(':')).map((line) => line.slice(1));
  const jumps = [...script.matchAll(/\bgoto ([a-z]\w*)/g)].map((match) => match[1]);
  const items = [...script.matchAll(/^item (\w+) /gm)].map((match) => match[1]);
  const commands = new Set(
    lines
      .filter((line) => !line.startsWith(':'))
      .flatMap((line) => line.split(/ (?:&&|\|\|) ?/))
      .filter((command) => command !== '')
      .map((command) => command.split(' ')[0]),
  );
  return { labels, targets: [...jumps, ...items], commands: [...commands].sort() };
}

describe('the greeting', () => {
  it('asks who the PC is, and knows the way to the disk when nobody answers', () => {
    expect(renderGreeting(server, { way: '', grubUrl: '' })).toBe(`${head}set tries:int8 0
:ask
inc tries
iseq \${tries} 8 && goto local ||
chain --autofree --replace ${server}/boot/script?${portrait} ||
echo The boot service ${server} does not answer, trying again
sleep 4
goto ask
:local
iseq \${platform} efi && goto local_efi ||
sanboot --no-describe --drive 0x80 ||
exit 1
:local_efi
exit 1
`);
  });
});

describe('the menu', () => {
  it('of a registered PC starts the disk after some seconds, and reinstalls behind a PIN', () => {
    const script = renderBootScript(menuFor(known), requester, site);
    expect(script).toContain(`:menu
menu Labkit: a07, lab_a / A-07
item local Start this PC from its disk
item reinstall Reinstall this PC (needs a PIN; wipes its disk)
item network Network details
choose --default local --timeout 5000 choice || goto local
goto \${choice}
`);
    expect(script).toContain(
      `chain --autofree --replace http://pin:\${password:uristring}@10.1.0.2:8080/boot/menu/reinstall?${portrait} ||`,
    );
    expect(script).not.toContain('register');
    expect(script.endsWith(localLines)).toBe(true);
  });

  it('of an unknown PC proposes rooms and seats, and never a reinstallation', () => {
    const script = renderBootScript(menuFor(), requester, site, proposals);
    expect(script).toContain(`menu Labkit: this PC is not registered
item local Start this PC from its disk
item register Register this PC
`);
    expect(script).toContain(
      'item room0 lab_a next free seat A-08\nitem room1 lab_b next free seat\n',
    );
    expect(script).toContain('set seat A-08\n');
    // A seat that the console cannot show is typed, not guessed.
    expect(script).toContain(
      ':room1\necho\necho Register this PC in lab_b. Ctrl-C goes back.\nclear seat\n',
    );
    expect(script).toContain(
      `/boot/menu/register?${portrait}&hex_room=6c61625f61&hex_seat=\${seat:hexraw}&hex_owner=\${owner:hexraw} ||`,
    );
    expect(script).not.toMatch(/reinstall/i);
  });

  it('never starts a kernel, whatever the names of PC, rooms and seats are', () => {
    const harmless = [
      'chain',
      'choose',
      'clear',
      'echo',
      'exit',
      'goto',
      'inc',
      'iseq',
      'isset',
      'item',
      'login',
      'menu',
      'prompt',
      'read',
      'reboot',
      'sanboot',
      'set',
      'sleep',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        'a\nkernel http://evil/x',
        '|| boot',
        '&& kernel x',
        `\${password}`,
        '-n',
        '#',
      ),
    );
    fc.assert(
      fc.property(
        fc.option(text, { nil: undefined }),
        fc.array(fc.record({ room: text, seat: text }), { maxLength: 30 }),
        text,
        fc.constantFrom(...localBoots, ''),
        (name, rooms, seat, way) => {
          const host =
            name === undefined
              ? undefined
              : makeHost(name, { room: room(seat), seat, vars: { local_boot: way } });
          const answers: ScriptAnswer[] = [
            menuFor(host),
            { kind: 'local', menu: false, reason: seat },
            { kind: 'code', host: host ?? known, code: 'K7QM', expiresAt: 0 },
          ];
          const scripts = answers
            .map((answer) => renderBootScript(answer, requester, site, rooms))
            .concat(renderMessage(seat, { way, grubUrl: '' }));
          for (const script of scripts) {
            const { labels, targets, commands } = anatomy(script);
            expect(commands.filter((command) => !harmless.includes(command ?? ''))).toEqual([]);
            expect(targets.filter((target) => !labels.includes(target ?? ''))).toEqual([]);
            for (const line of script.split('\n').filter((each) => each.startsWith('chain ')))
              expect(line).toMatch(
                /^chain --autofree (?:--replace )?http:\/\/(?:pin:\$\{password:uristring\}@)?10\.1\.0\.2:8080\/boot\/(?:script|menu|asset)/,
              );
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the way to the local disk', () => {
  it.each([
    ['exit', ':local\nexit 1\n'],
    ['sanboot', ':local\nsanboot --no-describe --drive 0x80 ||\nexit 1\n'],
    ['reboot', ':local\nreboot\n'],
  ])('is the one that the host names: %s', (way, lines) => {
    const host = makeHost('a07', { vars: { local_boot: way } });
    const script = renderBootScript(
      { kind: 'local', host, menu: false, reason: '' },
      requester,
      site,
    );
    expect(script).toBe(head + lines);
  });

  it('is the one of its model where the host names none, else goes by the firmware', () => {
    const byModel: ScriptSite = {
      ...site,
      localBootOf: ({ model }) => (model === 'Odd 9000' ? 'exit' : ''),
    };
    const answer: ScriptAnswer = { kind: 'local', menu: false, reason: '' };
    const odd = { ...requester, model: 'Odd 9000' };
    expect(renderBootScript(answer, odd, byModel)).toBe(`${head}:local\nexit 1\n`);
    expect(renderBootScript(answer, requester, byModel)).toBe(head + localLines);
  });
});

describe('the screen with the code', () => {
  it('shows it, asks again by itself, and ends at the disk', () => {
    const script = renderBootScript(
      { kind: 'code', host: known, code: 'K7QM', expiresAt: 0 },
      requester,
      site,
    );
    expect(script).toContain('K 7 Q M');
    expect(script).toContain(
      `sleep 5 || goto local\nchain --autofree --replace ${server}/boot/script?`,
    );
    expect(script.endsWith(localLines)).toBe(true);
  });
});
