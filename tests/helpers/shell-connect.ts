import { spawn } from 'node:child_process';
import type { Command } from '../../src/model/command.ts';
import type { Connect, ExecOptions } from '../../src/model/connection.ts';
import type { Host } from '../../src/model/host.ts';
import { type Answer, scriptedConnect } from './fake-connections.ts';

/** One command that a host was given. */
export interface Asked {
  readonly host: string;
  readonly command: Command;
  readonly options: ExecOptions;
}

/** Hosts that are really a shell on this machine; `asked` lists what they were given. `env` is added to the environment. */
export function shellConnect(settings: { shell?: string; env?: Record<string, string> } = {}): {
  connect: Connect;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const { shell = 'sh', env = {} } = settings;
  const { connect } = scriptedConnect((host: Host, command, options) => {
    asked.push({ host: host.name, command, options });
    return runScript(shell, command.script, { ...process.env, ...env });
  });
  return { connect, asked };
}

function runScript(shell: string, script: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const child = spawn(shell, ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  child.on('error', reject);
  child.on('close', (exitCode, signal) =>
    resolve({ exitCode, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
  );
  return promise;
}
