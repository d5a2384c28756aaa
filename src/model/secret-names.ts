const secretName =
  /(?:^|[_-])(?:pass|passwd|password|passphrase|passcode|pwd|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key|psk)s?$/i;
const secretWord = /(?:password|passwd|secret)/i;
const notTheSecretItself =
  /(?:^|[_-])(?:file|path|dir|folder|command|cmd|url|prompt|policy|length|age|days|expire[sd]?|min|max|name|id|user|enabled|required|method|type|algorithm|store|lookup|ref|authentication|auth)$/i;

/** Whether a variable's name says that its value is a password, token or key: one that must not stand in plain text. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) || (secretWord.test(name) && !notTheSecretItself.test(name));
}
