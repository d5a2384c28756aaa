import { spawn } from 'node:child_process';
import { describeHosts } from '../../engine/describe-run.ts';
import type { BootOrder } from '../../model/boot.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import type { Value } from '../../model/value.ts';
import type { ReinstallRow } from '../../netboot/reinstall/plan-rows.ts';
import { planWaves } from '../../netboot/reinstall/wave-sizes.ts';
import type { Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { displayOf } from '../show-report.ts';

/** What a PC is promised that is armed from its menu. */
export interface MenuOrder {
  readonly order: BootOrder;
  readonly row: ReinstallRow;
  readonly host: Host;
}

/** Keeps what a PC is promised from its menu as a run that somebody has to go on with: once it is installed, `lab runs resume` proves it and runs its playbook. */
export function keepMenuRun(context: Context, store: Store, { order, row, host }: MenuOrder): void {
  const at = new Date(order.armedAt).toISOString();
  const { lang, ...sizes } = displayOf(context);
  const known = {
    ...{ who: 'the boot menu', menu: true, digest: row.digest, resumes: '' },
    ...{ rows: [row], refused: [], waves: planWaves({}, 1) },
    ...{ lang, display: { ...sizes, lang } },
  };
  store.append({
    ...{ type: 'run.started', run: order.run, seq: 1, at },
    ...{ kind: 'reinstall', title: `reinstall ${host.name} from its menu` },
    ...{ hosts: describeHosts([host]), steps: [] },
    context: JSON.parse(JSON.stringify(known)) as { readonly [key: string]: Value },
  });
  store.append({
    ...{ type: 'run.finished', run: order.run, seq: 2, at },
    ...{ outcome: 'cancelled', totals: {} },
  });
  const { options, cwd } = context.invocation;
  store.saveInvocation(order.run, { command: 'reinstall', args: [host.name], options, cwd });
}

/** Whether a run was begun at a PC's menu. */
export function isMenuRun([first]: readonly RunEvent[]): boolean {
  return first?.type === 'run.started' && first.context['menu'] === true;
}

/** Goes on with what was begun at a menu, in a process of its own: proves the new system and runs its playbook; `say` is told how it ended. */
export function finishMenuRun(
  { settings }: Context,
  { run, host }: BootOrder,
  say: (text: string) => void,
): void {
  const [program = ''] = process.argv.slice(1);
  const words = ['--state', settings.stateFolder, 'runs', 'resume', run, '--quiet'];
  const child = spawn(process.execPath, [...process.execArgv, program, ...words], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const toRun = `lab runs resume ${run} tries again, lab runs list tells of it`;
  child
    .on('error', ({ message }) =>
      say(`${host} was installed from its menu and is not proven (${message}): ${toRun}`),
    )
    .on('exit', (code) =>
      say(
        code === 0
          ? `${host} was installed from its menu and is proven`
          : `${host} was installed from its menu and is not proven: ${toRun}`,
      ),
    );
}
