import { quoteSh } from '../../model/command.ts';
import { type Binding, defineExport } from '../../model/export.ts';
import type { Host } from '../../model/host.ts';
import { parseIp } from '../../model/ip.ts';
import { parseMac } from '../../model/mac.ts';
import { choice } from '../../model/options.ts';
import type { Problem } from '../../model/problem.ts';
import { makeBinding } from '../dhcp-options.ts';
import { checkedHosts, primaryMac, problemOf, tellLeftOut } from '../export-problems.ts';

interface Options {
  readonly location: 'title' | 'name';
}

const pattern = '%location%;%name%;%host%;%mac%';

export default defineExport<Options>({
  name: 'veyon',
  summary:
    'Rooms and computers for Veyon: import it with veyon-cli networkobjects import and the format that the warnings name.',
  extension: 'csv',
  carriesOwners: false,
  options: {
    location: choice('title', ['title', 'name'], 'whether rooms have their titles or group names'),
  },
  write: (hosts, { location }) =>
    checkedHosts('veyon', hosts, { name: true, ip: true, macs: primaryMac }, (each) =>
      each.flatMap((host) => checkLocation(host, location)),
    )
      .map((host) => `${locationOf(host, location)};${host.name};${host.ip};${host.mac}\n`)
      .join(''),
  read(text) {
    const bindings: Binding[] = [];
    const unknown: { line: number; text: string }[] = [];
    for (const [index, written] of text.split(/\r?\n/).entries()) {
      const line = index + 1;
      const [, name = '', ip = '', mac = ''] =
        /^[^;]+;([^;]+);([^;]+);([^;]*)$/.exec(written) ?? [];
      const parsed = parseMac(mac);
      if ('mac' in parsed && 'ip' in parseIp(ip))
        bindings.push(makeBinding({ mac: parsed.mac, ip, name, line }));
      else if (written !== '') unknown.push({ line, text: written });
    }
    return { bindings, unknown };
  },
  undo: (bindings) =>
    bindings.map(({ name }) => `veyon-cli networkobjects remove ${quoteSh(name)}\n`).join(''),
  warnings: (hosts) => [
    ...tellLeftOut(hosts),
    `Import it with: veyon-cli networkobjects import FILE format "${pattern}"; with any other format Veyon imports nothing or nonsense.`,
    'A computer whose address or card changed comes a second time, beside its old entry: start from an empty list (veyon-cli networkobjects clear).',
  ],
});

function locationOf({ room }: Host, which: 'title' | 'name'): string {
  return (which === 'title' && room?.title) || (room?.name ?? '');
}

/** Every line is cut at the separators; Veyon knows neither quotes nor comments. */
function checkLocation(host: Host, which: 'title' | 'name'): Problem[] {
  const location = locationOf(host, which);
  const say = (rule: string, message: string, hint: string) => [
    problemOf(host, '', { rule, message, hint }),
  ];
  if (location === '')
    return say('no-room', 'is in no room', 'put it into a group with a room variable');
  return /[;\p{Cc}]/u.test(location) || location !== location.trim()
    ? say(
        'bad-room',
        'is in a room whose title has a semicolon, a line end or a blank at an end',
        'change the title, or choose the group name with location=name',
      )
    : [];
}
