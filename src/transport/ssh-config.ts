import { glob, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { splitWords } from './ssh-needs.ts';

/** Whether ssh_config files say something for a host that only the system's `ssh` can do; returns the words that say so, or undefined. */
export type AskSshConfig = (address: string) => Promise<string | undefined>;

/** Prepares the question. `ssh -G` costs a process per host, so it is asked only when the files hold such a line at all. */
export function readSshConfig(files: readonly string[]): AskSshConfig {
  let interesting: Promise<boolean> | undefined;
  return async (address) => {
    interesting ??= mayMatter(files);
    if (!(await interesting) || address.startsWith('-')) return undefined;
    const args = files.length === 1 ? ['-F', files[0] ?? ''] : [];
    const { execa } = await import('execa');
    const { stdout } = await execa('ssh', [...args, '-G', '--', address], {
      reject: false,
      stdin: 'ignore',
      timeout: 5_000,
    });
    const line = String(stdout)
      .split('\n')
      .find((each) => /^(proxyjump|proxycommand|certificatefile) (?!none$)/.test(each));
    return line === undefined ? undefined : `the SSH configuration says "${line}" for it`;
  };
}

/** Looks for the lines in question, through Include (ssh_config(5)) as deep as OpenSSH follows it. */
async function mayMatter(files: readonly string[], depth = 0): Promise<boolean> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (/^\s*(ProxyJump|ProxyCommand|CertificateFile)\b/im.test(text)) return true;
    if (depth < 16 && (await mayMatter(await includedBy(file, text), depth + 1))) return true;
  }
  return false;
}

async function includedBy(file: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const [, patterns = ''] of text.matchAll(/^\s*Include[\s=]+(.+)$/gim))
    for (const pattern of splitWords(patterns)) {
      const path = pattern.replace(/^~(?=\/)/, homedir());
      for await (const each of glob(resolve(dirname(file), path))) found.push(each);
    }
  return found;
}
