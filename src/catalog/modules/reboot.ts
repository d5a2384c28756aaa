import { int, str, texts } from '../../model/arguments.ts';
import { type Command, sh } from '../../model/command.ts';
import { Unreachable } from '../../model/connection.ts';
import { type Call, defineModule, type Hands, type ModuleResult } from '../../model/module.ts';
import { elapsedSeconds } from './parts/clock-text.ts';
import { findProgram } from './parts/find-program.ts';
import { complaintOf } from './parts/outcome.ts';
import { waitUntil } from './parts/wait-until.ts';

interface Args {
  readonly boot_time_command: string;
  readonly connect_timeout: number | undefined;
  readonly msg: string;
  readonly post_reboot_delay: number;
  readonly pre_reboot_delay: number;
  readonly reboot_command: string | undefined;
  readonly reboot_timeout: number;
  readonly search_paths: readonly string[];
  readonly test_command: string;
}

const folders = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'];

export default defineModule<Args>({
  name: 'reboot',
  collection: 'ansible.builtin',
  summary: 'Starts the host anew and waits until it is back, which its boot id proves.',
  args: {
    boot_time_command: str({ fallback: 'cat /proc/sys/kernel/random/boot_id' }),
    connect_timeout: int({ aliases: ['connect_timeout_sec'] }),
    msg: str({ fallback: 'Reboot initiated by Ansible' }),
    post_reboot_delay: int({ fallback: 0, aliases: ['post_reboot_delay_sec'] }),
    pre_reboot_delay: int({ fallback: 0, aliases: ['pre_reboot_delay_sec'] }),
    reboot_command: str(),
    reboot_timeout: int({ fallback: 600, aliases: ['reboot_timeout_sec'] }),
    search_paths: texts({ fallback: folders }),
    test_command: str({ fallback: 'whoami' }),
  },
  check: ({ search_paths }) =>
    search_paths?.every((folder) => folder.startsWith('/')) === false
      ? ['search_paths are folders that begin with /']
      : [],
  repeats: false,
  async perform(args, call, hands): Promise<ModuleResult> {
    if (call.checkMode) return { changed: true, values: { elapsed: 0, rebooted: true } };
    if (call.variable('ansible_connection') === 'local')
      return failed(
        'Running reboot with local connection would reboot the control node.',
        0,
        false,
      );
    const before = await askBoot(args, hands);
    if ('trouble' in before)
      return failed(`reboot: failed to get host boot time info, ${before.trouble}`, 0, false);
    const startMs = call.nowMs();
    const trouble = await order(args, hands);
    if (trouble !== undefined) return failed(trouble, elapsedSeconds(startMs, call.nowMs()), false);
    if (args.post_reboot_delay > 0) await hands.sleep(args.post_reboot_delay * 1000);
    return confirm({ args, call, hands, startMs, boot: before.boot });
  },
});

function failed(msg: string, elapsed: number, rebooted: boolean): ModuleResult {
  return { changed: rebooted, failed: true, msg, values: { elapsed, rebooted } };
}

function free(line: string): Command {
  return sh`sh -c ${line}`;
}

async function askBoot(
  args: Args,
  hands: Hands,
): Promise<{ readonly boot: string } | { readonly trouble: string }> {
  const ran = await hands.run(free(args.boot_time_command), { timeoutSeconds: 60 });
  if (ran.exitCode === 0) return { boot: ran.stdout.trim() };
  const { exitCode, stdout, stderr } = ran;
  return {
    trouble: `rc: ${String(exitCode)}, stdout: ${stdout.trim()}, stderr: ${stderr.trim()}`,
  };
}

/** Gives the order; a session that is lost at once is no trouble. */
async function order(args: Args, hands: Hands): Promise<string | undefined> {
  const minutes = Math.floor(args.pre_reboot_delay / 60);
  const program = await findProgram('shutdown', args.search_paths, hands);
  if (args.reboot_command === undefined && program === undefined)
    return `Unable to find command "shutdown" in search paths: ${args.search_paths.join(', ')}`;
  const command =
    args.reboot_command === undefined
      ? sh`${program ?? ''} -r ${minutes} ${args.msg}`
      : free(args.reboot_command);
  try {
    const ran = await hands.run(command, { timeoutSeconds: 60 });
    if (ran.exitCode !== 0)
      return `Reboot command failed. Error was: '${ran.stdout.trim()}, ${ran.stderr.trim()}'`;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
  return undefined;
}

interface Watch {
  readonly args: Args;
  readonly call: Call;
  readonly hands: Hands;
  readonly startMs: number;
  readonly boot: string;
}

/** The host is back when it tells another boot id, and usable when the test command works. */
async function confirm({ args, call, hands, startMs, boot }: Watch): Promise<ModuleResult> {
  const timeout = args.reboot_timeout;
  let reason = '';
  const attempt = async (look: () => Promise<string | undefined>): Promise<boolean> => {
    try {
      const { reached, reason: why } = await hands.reach(args.connect_timeout ?? 10);
      reason = reached ? ((await look()) ?? '') : why;
      return reached && reason === '';
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      reason = error.message;
      return false;
    }
  };
  const waiting = { timeout, sleep: 1, call, hands };
  const isBack = await waitUntil({ ...waiting, startMs: call.nowMs() }, () =>
    attempt(async () => {
      const found = await askBoot(args, hands);
      if ('trouble' in found) return found.trouble;
      return found.boot === boot ? 'boot time has not changed' : undefined;
    }),
  );
  const spent = () => elapsedSeconds(startMs, call.nowMs());
  const of = `(timeout=${String(timeout)})`;
  if (!isBack)
    return failed(`Timed out waiting for last boot time check ${of}: ${reason}`, spent(), true);
  const works = await waitUntil({ ...waiting, startMs: call.nowMs() }, () =>
    attempt(async () => {
      const ran = await hands.run(free(args.test_command), { timeoutSeconds: 60 });
      return ran.exitCode === 0 ? undefined : complaintOf(ran);
    }),
  );
  if (!works)
    return failed(`Timed out waiting for post-reboot test command ${of}: ${reason}`, spent(), true);
  return {
    changed: true,
    values: { elapsed: spent(), rebooted: true },
    changes: ['started the host anew'],
  };
}
