import { LabError } from '../../model/lab-error.ts';
import { encryptVault } from '../../store/vault.ts';
import { defineCommand } from '../define-command.ts';
import type { Io } from '../io.ts';
import { askSecret } from '../secrets.ts';
import { passwordToSeal } from '../vault-files.ts';

/** As deep as ansible-vault indents it; YAML takes any. */
const indentation = ' '.repeat(10);

export default defineCommand({
  syntax: 'vault encrypt-string [text]',
  summary: 'Print a value as !vault, to be put into a file of variables',
  description:
    'The text is asked for, or read from what is piped in with -; one line end at its end is left out. It cannot stand on the command line, where process lists and the history of the shell keep it.',
  options: [
    ['-n, --name <variable>', 'write it as the value of this variable'],
    ['--encrypt-vault-id <label>', 'encrypt with the password of this label'],
  ],
  families: ['vault'],
  examples: [
    'vault encrypt-string --name wlan_password --vault-password-file ~/.vault',
    'vault encrypt-string - --name wlan_password < secret.txt',
  ],
  async run(context, [word], { name, encryptVaultId }) {
    if (word !== undefined && word !== '-')
      throw new LabError(
        'usage',
        'the text cannot stand on the command line, where other users of this computer could read it',
        'leave it out to be asked for it, or pipe it in and write -',
      );
    const plain = word === '-' ? await readPiped(context.io) : await askText(context.io);
    const label = typeof encryptVaultId === 'string' ? encryptVaultId : undefined;
    const lines = encryptVault(plain, await passwordToSeal(context, label))
      .trimEnd()
      .split('\n');
    const head = typeof name === 'string' ? `${name}: !vault |` : '!vault |';
    context.io.stdout.write([head, ...lines.map((line) => indentation + line), ''].join('\n'));
    return 0;
  },
});

async function readPiped({ readInput }: Io): Promise<Uint8Array> {
  const bytes = Buffer.from((await readInput?.()) ?? []);
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}

async function askText(io: Io): Promise<Uint8Array> {
  const text = await askSecret('text to encrypt', io);
  if ((await askSecret('text to encrypt, again', io)) === text) return Buffer.from(text, 'utf8');
  throw new LabError('usage', 'the two texts differ', 'start again');
}
