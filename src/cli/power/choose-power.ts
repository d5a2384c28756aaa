import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { readOptions } from '../../model/options.ts';
import type { AnyPower, PowerAction } from '../../model/power.ts';
import { isMapping, makeVars } from '../../model/value.ts';
import { pickEntry } from '../catalog.ts';
import type { Io } from '../io.ts';

/** A way to switch a host, with its settings. */
export interface ChosenPower {
  readonly power: AnyPower;
  readonly options: unknown;
}

/** Chooses how a host is switched: by its variable `power` (`wol`, or `{by: ipmitool, address: …}`); without one, or where that way cannot do it, a magic packet switches it on and SSH does the rest. Throws LabError 'input' for a setting that cannot be read. */
export async function choosePower(io: Io, host: Host, action: PowerAction): Promise<ChosenPower> {
  const written = await readPower(io, host);
  if (written?.power.actions.includes(action)) return written;
  const fallback = action === 'on' || action === 'netboot' ? 'wol' : 'ssh';
  return openPower(io, fallback);
}

/** A way to switch PCs with its settings as nobody has changed them. */
export async function openPower(io: Io, name: string): Promise<ChosenPower> {
  const power = await pickPower(io, name);
  return { power, options: readOptions(power.options, makeVars()).options };
}

/** What a host's variable `power` says; undefined where it says nothing. */
export async function readPower(io: Io, host: Host): Promise<ChosenPower | undefined> {
  const { power: written } = host;
  if (written === null || written === '') return undefined;
  if (typeof written === 'string') return openPower(io, written);
  const { by, ...settings } = isMapping(written) ? written : {};
  if (typeof by !== 'string') throw badPower(host, 'it must name a way', '');
  const power = await pickPower(io, by);
  const { options, problems } = readOptions(power.options, makeVars(Object.entries(settings)));
  const [problem] = problems;
  if (problem) throw badPower(host, `${problem.name}: ${problem.problem}`, by);
  return { power, options };
}

function pickPower(io: Io, name: string): Promise<AnyPower> {
  return pickEntry<AnyPower>(io.programFolder, 'catalog/power', name, 'way to switch PCs');
}

function badPower(host: Host, why: string, by: string): LabError {
  const at = host.originOf('power') ?? host.at;
  return new LabError(
    'input',
    `${host.name}: its variable power cannot be read: ${why}`,
    `see ${at.file}:${at.line}; write power: wol, or power: {by: ${by || 'ipmitool'}, …}`,
  );
}
