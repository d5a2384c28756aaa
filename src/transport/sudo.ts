import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { unsafeAnywhere } from './command-line.ts';

/** The words before a command that runs as somebody else (sudo(8)); throws LabError 'input' for a way Labkit does not know. */
export function sudoWords(host: Host, user: string, prompt: string | undefined): string[] {
  const { becomeMethod, becomeFlags } = host.connection;
  if (becomeMethod !== '' && becomeMethod !== 'sudo')
    throw new LabError(
      'input',
      `${host.name}: ansible_become_method "${becomeMethod}" is not supported`,
      'Labkit becomes another user through sudo',
    );
  if (!/^[A-Za-z0-9_#][A-Za-z0-9_.@-]*\$?$/.test(user))
    throw new LabError(
      'input',
      `${host.name}: "${user}" is not a user name`,
      'correct ansible_become_user',
    );
  const asked = prompt === undefined ? ['-n'] : ['-S', '-p', prompt];
  const extra = becomeFlags.split(/\s+/).filter((word) => word !== '' && !ours.has(word));
  if (extra.some((word) => unsafeAnywhere.test(word)))
    throw new LabError(
      'input',
      `${host.name}: ansible_become_flags holds quotes or backslashes`,
      'write plain flags',
    );
  return ['sudo', '-H', ...asked, ...extra, '-u', user, '--'];
}

/** Ansible's own default flags, which are given or replaced here. */
const ours = new Set(['-H', '-S', '-n']);

/** What to do as sudo's stderr comes in. */
export interface SudoTalk {
  /** Feeds bytes of stderr; returns those that belong to the command. */
  push(bytes: Buffer): Buffer;
  /** True once the command itself runs. */
  started(): boolean;
  /** What sudo said instead, for people; our markers removed. */
  said(): string;
}

/** Follows sudo's conversation on stderr: `onPrompt` is called each time it asks for the password, `onStart` when the command begins. Everything before the start (lecture, prompts) is kept apart, at most 16 KiB of it. */
export function followSudo(
  prompt: string | undefined,
  start: string,
  on: { onPrompt: (times: number) => void; onStart: () => void },
): SudoTalk {
  let before = Buffer.alloc(0);
  let prompts = 0;
  let started = false;
  const seePrompts = () => {
    if (prompt === undefined) return;
    for (let at = before.indexOf(prompt); at >= 0; at = before.indexOf(prompt)) {
      before = Buffer.concat([before.subarray(0, at), before.subarray(at + prompt.length)]);
      prompts += 1;
      on.onPrompt(prompts);
    }
  };
  return {
    push(bytes) {
      if (started) return bytes;
      before = Buffer.concat([before, bytes]);
      seePrompts();
      const at = before.indexOf(start);
      if (at < 0) {
        if (before.length > 16_384) before = before.subarray(-8_192);
        return Buffer.alloc(0);
      }
      const rest = before.subarray(at + start.length);
      before = before.subarray(0, at);
      started = true;
      on.onStart();
      return rest;
    },
    started: () => started,
    said: () => before.toString('utf8').trim(),
  };
}

/** Why the command did not begin, in words for people. A failed become is the task's failure, not an unreachable host. */
export function becomeTrouble(
  host: Host,
  user: string,
  talk: SudoTalk,
  hadPassword: boolean,
): LabError {
  const lines = talk.said().split('\n');
  // sudo names an unknown account first, and then only complains about its own plugins
  const telling = lines.find((line) => line.includes('unknown user')) ?? lines.at(-1);
  const said = telling?.trim() || 'sudo gave no reason';
  const hint = hadPassword
    ? 'check the become password and the rights in sudoers'
    : 'give the password with --ask-become-pass, or allow it without one in sudoers';
  return new LabError('failed', `${host.name}: could not become ${user}: ${said}`, hint);
}
