import { int, str, texts } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { Unreachable } from '../../model/connection.ts';
import { defineModule, type ModuleResult } from '../../model/module.ts';
import { findProgram } from './parts/find-program.ts';

interface Args {
  readonly delay: number;
  readonly msg: string;
  readonly search_paths: readonly string[];
}

export default defineModule<Args>({
  name: 'shutdown',
  collection: 'community.general',
  summary: 'Turns the host off.',
  args: {
    delay: int({ fallback: 0 }),
    msg: str({ fallback: 'Shut down initiated by Ansible' }),
    search_paths: texts({ fallback: ['/sbin', '/usr/sbin', '/usr/local/sbin'] }),
  },
  repeats: false,
  async perform({ delay, msg, search_paths }, call, hands): Promise<ModuleResult> {
    if (call.variable('ansible_connection') === 'local')
      return failed('Running shutdown with local connection would shutdown the control node.');
    if (call.checkMode) return { changed: true, values: { elapsed: 0, shutdown: true } };
    const program = await findProgram('shutdown', search_paths, hands);
    if (program === undefined)
      return failed(
        `Could not find command "shutdown" in search paths: ${search_paths.join(', ')}`,
      );
    // shutdown(8) counts in minutes
    const command = sh`${program} -h ${Math.floor(delay / 60)} ${msg}`;
    const values = { shutdown: true, shutdown_command: command.shown };
    try {
      const ran = await hands.run(command, { timeoutSeconds: 60 });
      if (ran.exitCode !== 0)
        return failed(
          `Shutdown command failed. Error was: '${ran.stdout.trim()}, ${ran.stderr.trim()}'`,
        );
    } catch (error) {
      // it went at once
      if (!(error instanceof Unreachable)) throw error;
    }
    await hands.disconnect();
    return { changed: true, values, changes: ['turned the host off'] };
  },
});

function failed(msg: string): ModuleResult {
  return { changed: false, failed: true, msg, values: { shutdown: false } };
}
