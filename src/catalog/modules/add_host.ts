import { raw, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';

export default defineModule<{ name: string; groups: Value | undefined }>({
  name: 'add_host',
  collection: 'ansible.builtin',
  summary: 'Adds a host to the inventory of this run, for later plays and for delegate_to.',
  args: {
    name: str({ required: true, aliases: ['host', 'hostname'] }),
    groups: raw({ aliases: ['group', 'groupname'] }),
  },
  takesExtra: true,
  once: true,
  decide({ name, groups: written }, { extra }) {
    const listed = Array.isArray(written) ? written.map(String) : String(written ?? '').split(',');
    const groups = [...new Set(listed.map((group) => group.trim()).filter(Boolean))];
    const { host, port } = splitPort(name);
    const vars = makeVars([
      ...(port === undefined ? [] : [['ansible_port', port] as const]),
      ...Object.entries(extra),
    ]);
    const shown = makeVars([
      ['host_name', host],
      ['groups', groups],
      ['host_vars', vars],
    ]);
    return {
      changed: true,
      values: makeVars([['add_host', shown]]),
      effects: { addHost: { name: host, groups, vars } },
    };
  },
});

function splitPort(name: string): { host: string; port?: number } {
  const found = /^([^:]+):(\d+)$/.exec(name) ?? /^\[([^\]]+)\]:(\d+)$/.exec(name);
  return found ? { host: found[1] ?? name, port: Number(found[2]) } : { host: name };
}
