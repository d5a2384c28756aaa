import { type Command, sh } from '../../../model/command.ts';
import type { Ran } from '../../../model/module.ts';
import { fetchFunction } from './host-fetch.ts';

/** Fetches a key on the host and prints it as base64; leaves nothing there. */
export function fetchedKeyLook(address: string, insecure = false): Command {
  return sh`${fetchFunction}lab_insecure=${insecure ? 'yes' : ''}
d=$(mktemp -d) || exit
trap 'rm -rf "$d"' EXIT
lab_fetch ${address} "$d/key" || exit
base64 <"$d/key"`;
}

/** The bytes of a fetched key, or why there are none. */
export function readFetchedKey(ran: Ran): Uint8Array | string {
  if (ran.exitCode !== 0) return ran.stderr.trim() || `exit code ${String(ran.exitCode)}`;
  const binary = atob(ran.stdout.replace(/\s+/g, ''));
  return binary.length === 0
    ? 'it is empty'
    : Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

/** Whether a key is armoured text (RFC 4880, 6.2) and not binary. */
export function isArmored(key: Uint8Array): boolean {
  return new TextDecoder('latin1')
    .decode(key.subarray(0, 4096))
    .includes('-----BEGIN PGP PUBLIC KEY BLOCK-----');
}
