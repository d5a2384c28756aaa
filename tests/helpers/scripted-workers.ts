import type { CallQueue, HostWorker, ReadyCall } from '../../src/engine/play/hands.ts';
import type { Host } from '../../src/model/host.ts';
import type { ModuleResult } from '../../src/model/module.ts';
import type { Project } from './play-rig.ts';

/** One call as a worker got it. */
export interface Asked {
  readonly host: string;
  readonly module: string;
  readonly args: { readonly [name: string]: unknown };
  readonly becomeUser: string | undefined;
  /** Modules of the calls that were known to come next. */
  readonly ahead: readonly string[];
  readonly ready: ReadyCall;
}

type Answer = (asked: Asked) => ModuleResult | Promise<ModuleResult>;

/** Workers that answer from a function; what it throws is what the host comes to. */
export function scriptedWorkers(answer: Answer = () => ({ changed: false })) {
  const asked: Asked[] = [];
  const work = async (host: Host, queue: CallQueue): Promise<void> => {
    for (let ready = queue.peek(0); ready; ready = queue.peek(0)) {
      const one = { host: host.name, ...described(ready), ahead: aheadOf(queue), ready };
      asked.push(one);
      await ready.begins?.();
      const result = await answer(one);
      if (!(await queue.settle(result, { durationMs: 1 }))) return;
    }
  };
  const openWorker = (host: Host): HostWorker => ({
    work: (queue) => work(host, queue),
    reset: async () => {},
    close: async () => {},
  });
  return { openWorker, asked };
}

function described({ module, args, becomeUser }: ReadyCall) {
  return { module: module.name, args: args as Asked['args'], becomeUser };
}

function aheadOf(queue: CallQueue): readonly string[] {
  const names: string[] = [];
  for (let n = 1; n <= 10; n++) {
    const ready = queue.peek(n);
    if (!ready) break;
    names.push(ready.module.name);
  }
  return names;
}

/** Hosts of their own, each at its own address. */
export function distinctHosts(...names: readonly string[]): Project {
  const hosts = names.map(
    (name, index) => `    ${name}: {ansible_host: 10.0.0.${index + 1}, n: ${index + 1}}`,
  );
  return { 'inventory.yaml': `all:\n  hosts:\n${hosts.join('\n')}\n` };
}
