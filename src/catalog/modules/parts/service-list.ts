import { makeVars, type Vars } from '../../../model/value.ts';

const badStates = ['not-found', 'masked', 'failed'];

/** Reads the sections `lab.scripts`, `lab.units`, `lab.files` and `lab.states` into Ansible's `services`: name, state, status and source of each. */
export function readServices(text: string): Vars {
  const sections = splitSections(text);
  const services = new Map<string, Vars>();
  for (const line of sections.get('scripts') ?? []) {
    const [, sign, name] = /^\s*\[ ([+-]) \]\s+(.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const state = sign === '+' ? 'running' : 'stopped';
    services.set(name, { name, state, source: 'sysv' });
  }
  for (const line of sections.get('units') ?? []) {
    const fields = line.replace(/^\W+/, '').trim().split(/\s+/);
    const [name = '', , active = '', sub] = fields;
    if (!name.includes('.service')) continue;
    const status = badStates.find((bad) => fields.includes(bad)) ?? active;
    const state = sub === 'running' ? 'running' : 'stopped';
    services.set(name, { name, state, status, source: 'systemd' });
  }
  addFiles(services, sections);
  return makeVars(services);
}

function addFiles(
  services: Map<string, Vars>,
  sections: ReadonlyMap<string, readonly string[]>,
): void {
  const states = readStates(sections.get('states') ?? []);
  for (const line of sections.get('files') ?? []) {
    const [name = '', status = ''] = line.trim().split(/\s+/);
    if (!name.includes('.service')) continue;
    const known = services.get(name);
    if (known === undefined) {
      const state = states.get(name) ?? 'unknown';
      services.set(name, { name, state, status, source: 'systemd' });
    } else if (!badStates.includes(String(known['status'])))
      services.set(name, { ...known, status });
  }
}

function readStates([names = '', ...lines]: readonly string[]): ReadonlyMap<string, string> {
  const answers = lines.filter((line) => line.startsWith('ActiveState='));
  return new Map(
    names
      .split(' ')
      .filter(Boolean)
      .map((name, at) => [name, answers[at]?.slice('ActiveState='.length) ?? 'unknown']),
  );
}

function splitSections(text: string): ReadonlyMap<string, readonly string[]> {
  const parts = text.split(/^lab\.(\w+)\n/m);
  const sections = new Map<string, readonly string[]>();
  for (let at = 1; at < parts.length; at += 2)
    sections.set(parts[at] ?? '', (parts[at + 1] ?? '').split('\n'));
  return sections;
}
