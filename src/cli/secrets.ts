import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

/** Passwords for the whole run, from wherever they may come: asked, a file, a command, the environment; never from the command line itself. */
export interface Secrets {
  readonly login: string | undefined;
  readonly become: string | undefined;
}

/** Gathers the passwords the flags ask for, before any host is touched. */
export async function loadSecrets(flags: Flags, io: Io): Promise<Secrets> {
  const login = await gather({
    asked: flags.askPass === true,
    question: 'SSH password',
    file: flags.connectionPasswordFile,
    fromEnvironment: io.env['LAB_PASSWORD'],
    io,
  });
  const become = await gather({
    asked: flags.askBecomePass === true,
    question: login === undefined ? 'sudo password' : 'sudo password (empty: the SSH password)',
    file: flags.becomePasswordFile,
    fromEnvironment: io.env['LAB_BECOME_PASSWORD'],
    io,
  });
  return { login, become: become === '' ? login : become };
}

interface Wish {
  readonly asked: boolean;
  readonly question: string;
  readonly file: string | undefined;
  readonly fromEnvironment: string | undefined;
  readonly io: Io;
}

async function gather({
  asked,
  question,
  file,
  fromEnvironment,
  io,
}: Wish): Promise<string | undefined> {
  if (asked) return askSecret(question, io);
  return file === undefined ? fromEnvironment : readPassword(file);
}

/** Asks for a password at the terminal. Throws LabError 'usage' where there is none. */
export async function askSecret(question: string, io: Io): Promise<string> {
  if (!io.interactive) {
    throw new LabError(
      'usage',
      `cannot ask for the ${question}: this is not a terminal`,
      'use a password file',
    );
  }
  const { password } = await import('@inquirer/prompts');
  return password({ message: question, mask: '*' }, { output: process.stderr });
}

/** First line of a password file, or of what it prints when it is executable (as Ansible does). */
async function readPassword(file: string): Promise<string> {
  return (await readSecretFile(file)).split(/\r?\n/)[0] ?? '';
}

/** What a password file holds, or prints when it is executable and run with these arguments. */
export async function readSecretFile(file: string, args: readonly string[] = []): Promise<string> {
  try {
    return (await isExecutable(file))
      ? await runForPassword(file, args)
      : await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw await unreadable(file, error);
  }
}

async function unreadable(file: string, cause: unknown): Promise<LabError> {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const beside = await readdir(dirname(file)).catch(() => []);
    const meant = nearest(basename(file), beside);
    const hint =
      meant === undefined
        ? 'write the password into it (for you alone: chmod 600), or correct the path'
        : `did you mean "${join(dirname(file), meant)}"?`;
    return new LabError('input', `there is no password file ${file}`, hint, { cause });
  }
  const hints: { readonly [code: string]: string } = {
    EACCES: 'you may not read it: see its owner and mode with ls -l',
    EISDIR: 'it is a folder: name a file in it',
  };
  const hint = hints[code ?? ''] ?? 'look at it with ls -l';
  return new LabError('input', `cannot read the password file ${file}: ${code}`, hint, { cause });
}

async function isExecutable(file: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function runForPassword(file: string, args: readonly string[]): Promise<string> {
  const { execa } = await import('execa');
  const result = await execa(file, args, { reject: false, stdin: 'inherit', stderr: 'inherit' });
  if (result.exitCode === 0) return result.stdout;
  throw new LabError(
    'input',
    `the password command ${file} failed (exit ${result.exitCode ?? result.code})`,
  );
}
