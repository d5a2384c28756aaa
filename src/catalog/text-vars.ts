import type { Host } from '../model/host.ts';
import { isMapping, makeVars, type Value, type Vars } from '../model/value.ts';

/** Variables that are texts even where digits without quotes were written, which YAML 1.1 made numbers of. */
const texts = {
  seat: 'seat',
  asset: 'asset',
  serial: 'serial',
  uuid: 'uuid',
  model: 'model',
  switch_port: 'switchPort',
} as const;

/** A host's variables with addresses, numbers on stickers and staff numbers as the texts that were typed. */
export function textVars(host: Host): Vars {
  const vars = makeVars(Object.entries(host.vars));
  for (const [name, field] of Object.entries(texts))
    if (isNumber(vars[name]) && host[field as 'seat'] !== '') vars[name] = host[field as 'seat'];
  if (isNumber(vars['mac']) && host.mac !== '') vars['mac'] = host.mac;
  if (Array.isArray(vars['mac']) && hasNumber(vars['mac']))
    vars['mac'] = host.macs.map(({ addr, role, primary }) => ({ addr, role, primary }));
  const owner = vars['owner'];
  if (isMapping(owner)) vars['owner'] = ownerTexts(host, owner);
  return vars;
}

function ownerTexts({ owner }: Host, written: Vars): Value {
  const names = ['id', 'phone', 'name', 'department'] as const;
  const numbers = names.filter((name) => isNumber(written[name]) && owner[name] !== '');
  return numbers.length === 0
    ? written
    : makeVars([
        ...Object.entries(written),
        ...numbers.map((name) => [name, owner[name]] as const),
      ]);
}

function hasNumber(list: readonly Value[]): boolean {
  return list.some((item) => isNumber(item) || (isMapping(item) && isNumber(item['addr'])));
}

function isNumber(value: Value | undefined): boolean {
  return typeof value === 'number';
}
