import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { LabError } from '../model/lab-error.ts';

/** A password of a vault with the label it is known by; `default` is the one without a label. */
export interface VaultPassword {
  readonly label: string;
  readonly password: Uint8Array;
}

/** Settles salt and rounds as the format wants them (Ansible's documentation, "Ansible Vault payload format 1.1 - 1.2"). */
const rounds = 10_000;
const keyLength = 32;
const blockLength = 16;
const saltLength = 32;
const lineLength = 80;

/** True for text that `ansible-vault` or `lab vault` encrypted. */
export function isVaultText(text: string): boolean {
  return /^\ufeff?\s*\$ANSIBLE_VAULT;/.test(text);
}

/** The label in a vault text's first line; `default` where it has none. */
export function vaultLabelOf(text: string): string {
  return readVault(text).label;
}

/** Encrypts for the password's label (format 1.2) or for none (1.1): AES-256 in counter mode, HMAC-SHA256, keys by PBKDF2. Every call gives another text. */
export function encryptVault(plain: Uint8Array, { label, password }: VaultPassword): string {
  const salt = randomBytes(saltLength);
  const keys = deriveKeys(password, salt);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const sealed = Buffer.concat([cipher.update(pad(plain)), cipher.final()]);
  const parts = [salt, sealOf(sealed, keys.seal), sealed].map((part) => part.toString('hex'));
  const body = Buffer.from(parts.join('\n'), 'latin1').toString('hex');
  const lines = body.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  const head =
    label === 'default' ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${label}`;
  return `${[head, ...lines].join('\n')}\n`;
}

/**
 * Decrypts with the first password that fits; those with the text's own label are tried first, then the others, as Ansible does. `what` names it in messages. Throws
 * LabError 'input' when none fits (a wrong password and a damaged text cannot be told apart), when the text is no vault, or its format is an unknown one.
 */
export function decryptVault(
  text: string,
  passwords: readonly VaultPassword[],
  what = 'the text',
): { readonly plain: Uint8Array; readonly password: VaultPassword } {
  const vault = readVault(text, what);
  if (passwords.length === 0)
    throw new LabError(
      'input',
      `${what} is encrypted, and no vault password was given`,
      'use --vault-password-file FILE or --ask-vault-pass',
    );
  const best = passwords.filter(({ label }) => label === vault.label);
  const others = passwords.filter(({ label }) => label !== vault.label);
  for (const password of [...best, ...others]) {
    const plain = open(vault, password);
    if (plain !== undefined) return { plain, password };
  }
  const label = vault.label === 'default' ? '' : ` (its label is ${vault.label})`;
  throw new LabError(
    'input',
    `no vault password fits ${what}${label}`,
    'check which password it was encrypted with; a damaged text says the same',
  );
}

/** Decrypted bytes as text. Throws LabError 'input' when they are not UTF-8. */
export function textOf(plain: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
  } catch (cause) {
    throw new LabError('input', `${what} was decrypted and is not UTF-8 text`, '', { cause });
  }
}

interface Vault {
  readonly label: string;
  readonly salt: Buffer;
  readonly seal: Buffer;
  readonly sealed: Buffer;
}

function readVault(text: string, what = 'the text'): Vault {
  const [head = '', ...lines] = text
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const [mark, version = '', cipher = '', label = 'default'] = head.split(';');
  if (mark !== '$ANSIBLE_VAULT')
    throw new LabError('input', `${what} is not encrypted with ansible-vault`);
  if (!['1.1', '1.2'].includes(version) || cipher !== 'AES256')
    throw new LabError(
      'input',
      `${what} is encrypted in a format that is not read: ${version} ${cipher}`,
      'rekey it with a present ansible-vault',
    );
  const parts = unhex(lines.join(''))?.toString('latin1').split('\n') ?? [];
  const [salt, seal, sealed] = parts.map(unhex);
  const isWhole =
    parts.length === 3 &&
    salt !== undefined &&
    seal?.length === keyLength &&
    sealed !== undefined &&
    sealed.length > 0 &&
    sealed.length % blockLength === 0;
  if (!isWhole)
    throw new LabError('input', `${what} is damaged: lines of the vault are missing or altered`);
  return { label: label.trim(), salt, seal, sealed };
}

function unhex(text: string): Buffer | undefined {
  return text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text)
    ? Buffer.from(text, 'hex')
    : undefined;
}

function open(vault: Vault, { password }: VaultPassword): Buffer | undefined {
  const keys = deriveKeys(password, vault.salt);
  if (!timingSafeEqual(sealOf(vault.sealed, keys.seal), vault.seal)) return undefined;
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter);
  return unpad(Buffer.concat([decipher.update(vault.sealed), decipher.final()]));
}

function deriveKeys(password: Uint8Array, salt: Uint8Array) {
  const keys = pbkdf2Sync(password, salt, rounds, 2 * keyLength + blockLength, 'sha256');
  return {
    cipher: keys.subarray(0, keyLength),
    seal: keys.subarray(keyLength, 2 * keyLength),
    counter: keys.subarray(2 * keyLength),
  };
}

function sealOf(sealed: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(sealed).digest();
}

/** PKCS #7 (RFC 5652, 6.3): always adds, so that the end can be told. */
function pad(plain: Uint8Array): Buffer {
  const missing = blockLength - (plain.length % blockLength);
  return Buffer.concat([plain, Buffer.alloc(missing, missing)]);
}

function unpad(padded: Buffer): Buffer {
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}
