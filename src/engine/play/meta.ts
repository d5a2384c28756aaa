import type { MetaWord, Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars } from '../../model/value.ts';
import { flush } from './flush.ts';
import { type HostRun, type PlayRun, playOf } from './play-run.ts';

type Doing = (run: PlayRun, hosts: readonly HostRun[], task: Task) => Promise<void> | void;

const doings: { readonly [word in MetaWord]?: Doing } = {
  flush_handlers: flush,
  end_role: (_run, hosts, { role }) => {
    if (role) for (const host of hosts) host.ended.add(role);
  },
  end_host: (run, hosts) => {
    for (const { name } of hosts) run.left.add(name);
    end(hosts);
  },
  end_play: (run) => endAll(run, 'play'),
  end_batch: (run) => endAll(run, 'batch'),
  clear_facts: ({ hosts }) => {
    for (const { memory } of hosts) memory.facts = makeVars();
  },
  clear_host_errors: clearErrors,
  reset_connection: async ({ workers }, hosts) => {
    for (const { name } of hosts) await workers.reset(name);
  },
};

// decided once for all, by the first host
const forAll: ReadonlySet<MetaWord> = new Set([
  'end_play',
  'end_batch',
  'clear_host_errors',
  'clear_facts',
]);

/** Does what a `meta` task says, for the hosts on which its condition holds. Leaves no row, as in Ansible. */
export async function runMeta(run: PlayRun, task: Task, hosts: readonly HostRun[]): Promise<void> {
  if (task.does.kind !== 'meta') return;
  const { what } = task.does;
  const asked = forAll.has(what) ? hosts.slice(0, 1) : hosts;
  const meant = asked.filter((host) => isMeant(run, task, host));
  if (meant.length > 0) await doings[what]?.(run, meant, task);
}

function end(hosts: readonly HostRun[]): void {
  for (const host of hosts) if (host.standing === 'in') host.standing = 'ended';
}

function endAll(run: PlayRun, what: 'play' | 'batch'): void {
  run.ends = what;
  end(run.hosts);
}

function clearErrors(run: PlayRun): void {
  for (const host of run.hosts) {
    if (host.standing !== 'failed' && host.standing !== 'lost') continue;
    // a host that failed has left the tasks of this play, as in Ansible; it is there again for the next one
    host.standing = host.standing === 'lost' ? 'in' : 'ended';
    run.failed.delete(host.name);
    run.lost.delete(host.name);
  }
}

function isMeant(run: PlayRun, task: Task, host: HostRun): boolean {
  const scope = run.rim.makeScope({
    run: run.state,
    host: host.memory,
    play: playOf(run, host),
    task,
  });
  try {
    return task.keywords.when.every((condition) => run.rim.templar.judge(condition, scope));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    host.standing = 'failed';
    host.counts.failures++;
    return false;
  }
}
