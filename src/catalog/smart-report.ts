import type { Judgement } from '../model/plan.ts';
import { isMapping, type Value } from '../model/value.ts';
import { fail, pass, skip, unknown, warn, worst } from './judging.ts';

/** Judges one disk by `smartctl -j -H -A -i` and its exit code, a bit mask (smartctl(8), EXIT STATUS). */
export function judgeSmart(
  name: string,
  { report, exitCode }: { readonly report: Value; readonly exitCode: number },
  limits: {
    readonly warnCelsius: number;
    readonly failSectors: number;
    readonly warnUsedPercent: number;
  },
): Judgement {
  const model = textAt(report, 'model_name');
  const told = model === '' ? name : `${name} (${model})`;
  const replace = { hint: 'save its data and replace the disk' };
  if (at(report, 'smart_support', 'available') === false) return skip(`${told} has no SMART`);
  if ((exitCode & 3) !== 0) {
    const said = textAt(report, 'smartctl', 'messages', '0', 'string');
    return unknown(`cannot ask ${told}: ${said === '' ? `smartctl exit code ${exitCode}` : said}`);
  }
  const findings: Judgement[] = [];
  const passed = at(report, 'smart_status', 'passed');
  if (passed === false || (exitCode & 8) !== 0)
    findings.push(fail(`${told} says it is failing`, replace));
  if ((exitCode & 16) !== 0)
    findings.push(fail(`${told} is past a pre-failure threshold`, replace));
  findings.push(...judgeSectors(told, report, limits.failSectors));
  findings.push(...judgeNvme(told, report));
  findings.push(...judgeWear(told, report, limits));
  if (findings.length > 0) return worst(findings);
  return passed === true ? pass(`${told} healthy`) : unknown(`${told} does not tell its health`);
}

/** Reallocated, pending and uncorrectable sectors. */
function judgeSectors(told: string, report: Value, failSectors: number): Judgement[] {
  const table = at(report, 'ata_smart_attributes', 'table');
  return (Array.isArray(table) ? table : []).flatMap((row: Value) => {
    const count = at(row, 'raw', 'value');
    const id = at(row, 'id');
    if ((id !== 5 && id !== 197 && id !== 198) || typeof count !== 'number' || count <= 0)
      return [];
    const found = `${told}: ${count} ${textAt(row, 'name')}`;
    return [
      count > failSectors
        ? fail(found, { hint: 'save its data and replace the disk' })
        : warn(found, { hint: 'watch it: the number must not grow' }),
    ];
  });
}

/** NVM Express Base Specification, SMART / Health Information log page. */
function judgeNvme(told: string, report: Value): Judgement[] {
  const log = at(report, 'nvme_smart_health_information_log');
  const hint = 'save its data and replace the disk';
  const found: Judgement[] = [];
  if (numberAt(log, 'critical_warning') > 0)
    found.push(fail(`${told}: critical warning`, { hint }));
  if (numberAt(log, 'media_errors') > 0)
    found.push(fail(`${told}: ${numberAt(log, 'media_errors')} media errors`, { hint }));
  if (
    numberAt(log, 'available_spare') <= numberAt(log, 'available_spare_threshold') &&
    numberAt(log, 'available_spare_threshold') > 0
  )
    found.push(fail(`${told}: spare blocks used up`, { hint }));
  return found;
}

function judgeWear(
  told: string,
  report: Value,
  limits: { readonly warnCelsius: number; readonly warnUsedPercent: number },
): Judgement[] {
  const used = Math.max(
    numberAt(report, 'nvme_smart_health_information_log', 'percentage_used'),
    numberAt(report, 'endurance_used', 'current_percent'),
  );
  const celsius = numberAt(report, 'temperature', 'current');
  const found: Judgement[] = [];
  if (used >= 100) found.push(fail(`${told}: ${used} % worn`, { hint: 'replace the disk' }));
  else if (used >= limits.warnUsedPercent)
    found.push(warn(`${told}: ${used} % worn`, { hint: 'plan to replace the disk' }));
  if (celsius > limits.warnCelsius)
    found.push(
      warn(`${told}: ${celsius} °C`, {
        expected: `at most ${limits.warnCelsius} °C`,
        hint: 'clean fans and air vents',
      }),
    );
  return found;
}

function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  let here: Value | undefined = value;
  for (const name of path) {
    if (Array.isArray(here)) here = here[Number(name)];
    else here = isMapping(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here;
}

function numberAt(value: Value | undefined, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

function textAt(value: Value | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}
