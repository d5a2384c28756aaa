import { access, readFile } from 'node:fs/promises';
import type { Host } from '../model/host.ts';
import type { TransportSettings } from './settings.ts';

/** Why a host must go through the system's `ssh`, in words, or undefined when ssh2 can do all it asks for. */
export async function needOfSystemSsh(
  host: Host,
  settings: TransportSettings,
  certifiedHostKey: boolean,
): Promise<string | undefined> {
  if (certifiedHostKey) return 'its host key is certified by an authority (@cert-authority)';
  const argument = argumentBeyondSsh2(splitWords(host.connection.sshArgs));
  if (argument !== undefined) return `its SSH arguments hold ${argument}`;
  const keyFile = await keyFileOf(host, settings);
  if (keyFile === undefined) return undefined;
  if (await exists(`${keyFile}-cert.pub`)) return `${keyFile} has a certificate`;
  if (await isSecurityKey(keyFile)) return `${keyFile} is a security key (FIDO)`;
  return undefined;
}

/** The private key a host is to be logged into with: its own, else the first of the settings that exists. */
export async function keyFileOf(
  host: Host,
  settings: TransportSettings,
): Promise<string | undefined> {
  if (host.connection.keyFile !== undefined) return host.connection.keyFile;
  for (const file of settings.keyFiles) if (await exists(file)) return file;
  return undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The public half at the beginning of an OpenSSH private key is never encrypted: it names the kind of key. */
async function isSecurityKey(file: string): Promise<boolean> {
  return (await beginningOf(file)).includes('sk-');
}

/** Whether a private key needs a passphrase. An OpenSSH key names its cipher first (PROTOCOL.key); the older forms say so in words. */
export async function isLocked(file: string): Promise<boolean> {
  const start = await beginningOf(file);
  if (!start.subarray(0, 14).equals(Buffer.from('openssh-key-v1')))
    return (await readFile(file, 'latin1').catch(() => '')).includes('ENCRYPTED');
  return start.subarray(19, 23).toString('latin1') !== 'none';
}

async function beginningOf(file: string): Promise<Buffer> {
  const text = await readFile(file, 'latin1').catch(() => '');
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]{1,400})/.exec(text)?.[1] ?? '';
  return Buffer.from(body.replace(/\s/g, ''), 'base64');
}

/** Options ssh2 follows in its own way or that change nothing for a program: hosts with only these stay with ssh2. Host key checks are Labkit's own in any case. */
const settledOptions = new Set([
  'addkeystoagent',
  'batchmode',
  'checkhostip',
  'compression',
  'connecttimeout',
  'connectionattempts',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'forwardagent',
  'forwardx11',
  'globalknownhostsfile',
  'hashknownhosts',
  'identitiesonly',
  'loglevel',
  'passwordauthentication',
  'preferredauthentications',
  'serveralivecountmax',
  'serveraliveinterval',
  'stricthostkeychecking',
  'tcpkeepalive',
  'updatehostkeys',
  'userknownhostsfile',
  'visualhostkey',
]);
const settledFlags = new Set(['-C', '-q', '-T', '-x', '-a', '-v', '-n']);

function argumentBeyondSsh2(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (settledFlags.has(word)) continue;
    if (!word.startsWith('-o')) return word;
    const option = word === '-o' ? (words[++index] ?? '') : word.slice(2);
    const keyword = option.split(/[=\s]/)[0] ?? '';
    if (!settledOptions.has(keyword.toLowerCase())) return keyword;
  }
  return undefined;
}

/** Splits arguments as a POSIX shell would, quotes and backslashes only: nothing is expanded. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\([\s\S])|([^\s'"\\]+)|(.)/g;
  let word: string | undefined;
  for (const [whole, single, double, escaped, bare] of text.matchAll(piece)) {
    if (/^\s/.test(whole)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const unescaped = double?.replace(/\\([$`"\\\n])/g, '$1');
    word = (word ?? '') + (single ?? unescaped ?? escaped ?? bare ?? whole);
  }
  if (word !== undefined) words.push(word);
  return words;
}
