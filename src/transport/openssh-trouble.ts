import { type ReachReason, Unreachable } from '../model/connection.ts';
import type { KnownKeys } from './judge-host-key.ts';

/** What `ssh` says on stderr (in the C locale) and the stable word for it; the first that matches counts. */
const words: readonly (readonly [RegExp, ReachReason])[] = [
  [
    /HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known|key.*revoked/i,
    'host-key-changed',
  ],
  [
    /Permission denied|Too many authentication failures|no such identity|sign_and_send_pubkey/i,
    'auth-failed',
  ],
  [/Connection refused/i, 'refused'],
  [/No route to host|Network is unreachable|Host is down/i, 'no-route'],
  [/Could not resolve hostname|Name or service not known/i, 'dns'],
  [/timed out during banner exchange/i, 'banner-timeout'],
  [/timed out|not responding/i, 'timeout'],
];

/** Says in a stable word and a sentence why the system's `ssh` did not get in. */
export function opensshTrouble(where: string, said: string, known: KnownKeys): Unreachable {
  const reason = words.find(([pattern]) => pattern.test(said))?.[1] ?? 'reset';
  if (reason === 'host-key-changed') {
    // Without a word about a key of this host it was the jump host's `ssh` that refused one.
    const isOfJump = /UNKNOWN port/.test(said) && !/host key is known|HAS CHANGED/i.test(said);
    return isOfJump ? jumpTrouble(where, said) : keyTrouble(where, said, known);
  }
  return new Unreachable(reason, `${where} was not reached by ssh: ${causeOf(said)}`);
}

/** What `ssh` prints when a ProxyCommand or jump host ended before SSH began; what that one said stands before it. */
const proxyEnded = /^(?:kex_exchange_identification|banner exchange|Connection closed by UNKNOWN)/;

function causeOf(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '');
  const cause = told.filter((line) => !proxyEnded.test(line)).at(-1);
  return cause ?? told.at(-1) ?? 'it gave no reason';
}

function jumpTrouble(where: string, said: string): Unreachable {
  return new Unreachable(
    'host-key-changed',
    `the jump host on the way to ${where} shows a host key that ssh does not take: ${causeOf(said)}`,
    'log in to the jump host once by hand and compare its fingerprint',
  );
}

function keyTrouble(where: string, said: string, known: KnownKeys): Unreachable {
  const shown = /SHA256:[A-Za-z0-9+/]+/.exec(said)?.[0] ?? 'a key';
  const recorded = known.fingerprints.join(', ');
  const message =
    recorded === ''
      ? `${where} shows a host key that is not recorded`
      : `${where} shows the host key ${shown}, but ${recorded} is recorded`;
  return new Unreachable(
    'host-key-changed',
    message,
    'compare the fingerprint at the machine, then remove the old lines from known_hosts',
  );
}
