import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lets `ssh` ask for one secret: the environment to start it with, and what to do when it has logged in. */
export interface Askpass {
  readonly env: { readonly [name: string]: string };
  close(): Promise<void>;
}

/** Prepares a program that hands `ssh` one secret, once (ssh(1), SSH_ASKPASS). The secret waits in a named pipe in a private folder: it is on no disk, and in no argument or environment. */
export async function openAskpass(folder: string, secret: string): Promise<Askpass> {
  const { execa } = await import('execa');
  const [pipe, program] = [join(folder, 'ask'), join(folder, 'askpass')];
  await execa('mkfifo', ['-m', '600', pipe]);
  await writeFile(program, askScript(pipe), { mode: 0o700 });
  // opened for reading as well, so that opening does not wait for `ssh` to ask
  const handle: FileHandle = await open(pipe, 'r+');
  await handle.write(`${secret}\n`);
  return {
    env: {
      SSH_ASKPASS: program,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: ':',
    },
    close: () => handle.close(),
  };
}

/** A second question finds the pipe empty: it is answered with nothing, as guessing locks accounts. */
const askScript = (pipe: string) => `#!/bin/sh
mkdir "$0.used" 2>/dev/null || exit 1
IFS= read -r secret <'${pipe}' && printf '%s\\n' "$secret"
`;
