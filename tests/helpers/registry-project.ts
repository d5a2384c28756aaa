import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFiles } from '../../src/cli/change-register.ts';
import type { Context } from '../../src/cli/context.ts';
import { holdRegistry } from '../../src/cli/open-registry.ts';
import type { RegistryAsk } from '../../src/model/registration.ts';
import { planChange } from '../../src/registry/plan-change.ts';
import { makeEntry } from '../../src/registry/reconcile.ts';

/** A folder with an inventory, to be thrown away. */
export interface Project {
  readonly folder: string;
  readonly file: string;
  readonly state: string;
  remove(): void;
}

/** Makes a project with one inventory file. */
export function makeProject(text: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'lab-registry-'));
  mkdirSync(join(folder, 'inventories'));
  const file = join(folder, 'inventories', 'school.yaml');
  writeFileSync(file, text);
  const state = join(folder, '.lab');
  return { folder, file, state, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A room of PCs that nobody answers for yet. */
export function roomOf(count: number): string {
  const hosts = Array.from({ length: count }, (_, index) => {
    const hex = index
      .toString(16)
      .padStart(4, '0')
      .replace(/(..)(..)/, '$1:$2');
    const ip = `10.1.${index >> 7}.${(index & 127) + 1}`;
    return `        pc${index}:  # 第${index}台\n          mac: "00:e0:4c:01:${hex}"\n          ip: ${ip}\n          seat: "${index + 1}"\n`;
  });
  return `# 登记\nall:\n  children:\n    lab_a:\n      vars:\n        room: { title: 计算机室一, subnet: 10.1.0.0/16, gateway: 10.1.255.254 }\n      hosts:\n${hosts.join('')}`;
}

/** What a command is given, without a terminal; `close` ends it as the program does. */
export function openBareContext(
  project: Pick<Project, 'file' | 'state'>,
  said: (text: string) => void = () => undefined,
): Context {
  const stack = new AsyncDisposableStack();
  const out = {
    write: (text: string | Uint8Array) => said(String(text)),
    isTTY: false,
    columns: () => undefined,
    rows: () => undefined,
    onResize: () => () => undefined,
  };
  return {
    io: {
      stdout: out,
      stderr: out,
      interactive: false,
      env: {},
      cwd: '/',
      programFolder: '',
      now: () => Date.now(),
      onInterrupt: () => () => undefined,
    },
    invocation: { command: '', args: [], options: {}, cwd: '/' },
    flags: { inventory: [], hostKeyCheck: 'accept-new', color: 'never' },
    settings: {
      folder: '/',
      inventories: [project.file],
      stateFolder: project.state,
      lang: 'en',
      registry: { unit: '', filingNumbers: [], citation: '', confirmDays: 365 },
      localBoots: new Map(),
    },
    defer: (close) => stack.defer(async () => close()),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Carries one change out as `lab registry` does, without its report. */
export async function changeOnce(
  project: Pick<Project, 'file' | 'state'>,
  ask: RegistryAsk,
): Promise<void> {
  await using context = openBareContext(project);
  const registry = await holdRegistry(context);
  const planned = planChange(registry.loaded.inventory, ask);
  if (!planned.isChange) return;
  const { host, before, after } = planned;
  const entry = makeEntry(registry.occasion, ask.verb, { host, before, after, reason: 'test' });
  await registry.save(planFiles(registry, planned), [entry]);
}
