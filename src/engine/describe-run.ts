import type { RunHost, RunStarted } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Plan } from '../model/plan.ts';
import type { Value } from '../model/value.ts';

/** Renders the event that opens a run: all that its report will need of the plan and the inventory. */
export function describeRun(
  plan: Plan,
  kind: string,
  context: { readonly [key: string]: Value } = {},
): RunStarted {
  return {
    type: 'run.started',
    kind,
    title: plan.title,
    hosts: describeHosts(plan.hosts),
    steps: plan.steps.map(({ id, title }) => ({ id, title })),
    context,
  };
}

/** Renders hosts as a run keeps them. */
export function describeHosts(hosts: readonly Host[]): RunHost[] {
  return hosts.map(describeHost);
}

function describeHost(host: Host): RunHost {
  return {
    host: host.name,
    room: host.room?.name ?? '',
    seat: host.seat,
    class: host.class,
    ownership: host.ownership,
    status: host.status,
  };
}
