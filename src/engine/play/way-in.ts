import type { Host } from '../../model/host.ts';
import type { PlayValue, Scope } from '../../model/play-value.ts';
import type { Keywords } from '../../model/playbook.ts';
import { makeVars, type Value } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';

/** How a task gets onto its host, after variables and keywords had their say. */
export interface WayIn {
  /** The inventory's host, or one like it with another connection. */
  readonly host: Host;
  readonly becomeUser: string | undefined;
}

const secretNames = [
  'ansible_password',
  'ansible_ssh_pass',
  'ansible_become_password',
  'ansible_become_pass',
];

/** Works out connection and become user; variables beat keywords, as in Ansible. `scope` is that of the host that is really used. */
export function findWayIn(run: PlayRun, base: Host, keywords: Keywords, scope: Scope): WayIn {
  const render = (value: PlayValue | undefined): Value | undefined =>
    value === undefined ? undefined : run.rim.templar.render(value, scope);
  const pick = (names: readonly string[], keyword: PlayValue | undefined): string | undefined => {
    for (const name of names) {
      const value = scope.get(name);
      if (value !== undefined && value !== null) return String(render(value));
    }
    const written = render(keyword);
    return written === undefined || written === null ? undefined : String(written);
  };
  const { connection } = base;
  const user = pick(['ansible_ssh_user', 'ansible_user'], keywords.remoteUser) ?? connection.user;
  const port = pick(['ansible_ssh_port', 'ansible_port'], keywords.port);
  const found = {
    kind: kindOf(pick(['ansible_connection'], keywords.connection)) ?? connection.kind,
    address: addressOf(base, pick(['ansible_ssh_host', 'ansible_host'], undefined)),
    ...(port !== undefined
      ? { port: Number(port) }
      : connection.port !== undefined && { port: connection.port }),
    ...(user !== undefined && { user }),
    becomeMethod: pick(['ansible_become_method'], keywords.becomeMethod) ?? connection.becomeMethod,
    becomeFlags: pick(['ansible_become_flags'], keywords.becomeFlags) ?? connection.becomeFlags,
  };
  const become = pick(['ansible_become'], keywords.become);
  const doesBecome = become === undefined ? connection.become : isYes(become);
  const becomeUser =
    pick(['ansible_become_user'], keywords.becomeUser) ?? (connection.becomeUser || 'root');
  const isSame = found.kind === 'ssh' && becomeUser === user;
  return {
    host: withWay(base, found, secretsOf(base, scope, render)),
    becomeUser: doesBecome && !isSame ? becomeUser : undefined,
  };
}

function secretsOf(
  base: Host,
  scope: Scope,
  render: (value: PlayValue | undefined) => Value | undefined,
): readonly (readonly [string, Value])[] {
  return secretNames.flatMap((name) => {
    const value = scope.get(name);
    if (value === undefined || value === base.vars[name]) return [];
    const text = render(value);
    return text === undefined || text === base.vars[name] ? [] : [[name, text] as const];
  });
}

function withWay(
  base: Host,
  found: Partial<Host['connection']>,
  secrets: readonly (readonly [string, Value])[],
): Host {
  const known = base.connection as unknown as Record<string, unknown>;
  const differs = Object.entries(found).some(([name, value]) => known[name] !== value);
  if (!differs && secrets.length === 0) return base;
  // the same way in is the same host for all tasks, so that they go over one session
  const ways = made.get(base) ?? new Map<string, Host>();
  made.set(base, ways);
  const key = JSON.stringify([found, secrets]);
  const way = ways.get(key) ?? {
    ...base,
    connection: { ...base.connection, ...found },
    vars: makeVars([...Object.entries(base.vars), ...secrets]),
  };
  ways.set(key, way);
  return way;
}

const made = new WeakMap<Host, Map<string, Host>>();

// the lowest layer of every scope says that a host's address is its name; the inventory may know a registered address
function addressOf(base: Host, address: string | undefined): string {
  return address === undefined || address === base.name ? base.connection.address : address;
}

function kindOf(word: string | undefined): Host['connection']['kind'] | undefined {
  if (word === undefined || word === 'smart') return undefined;
  const short = word.slice(word.lastIndexOf('.') + 1);
  if (short === 'local') return 'local';
  return short === 'winrm' || short === 'psrp' ? 'winrm' : 'ssh';
}

/** Yes in any of Ansible's spellings. */
export function isYes(value: Value): boolean {
  return ['true', 'yes', 'on', '1', 'y', 't'].includes(String(value).toLowerCase());
}
