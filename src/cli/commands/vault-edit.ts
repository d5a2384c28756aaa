import { encryptVault } from '../../store/vault.ts';
import { defineCommand } from '../define-command.ts';
import { editText } from '../edit-text.ts';
import { openSecret, passwordsToOpen, readSecrets, saveSecret } from '../vault-files.ts';

export default defineCommand({
  syntax: 'vault edit <file>',
  summary: 'Edit an encrypted file with $EDITOR, and encrypt it again with the same password',
  description:
    'The plain text lies in a folder that only you can read, in memory where the system has such a place, and is removed afterwards.',
  families: ['vault'],
  examples: [
    'vault edit group_vars/all/vault.yml --vault-password-file ~/.vault',
    'vault edit secrets.yml --ask-vault-pass',
  ],
  async run(context, [name]) {
    const { io } = context;
    const [file] = await readSecrets([name as string], context, 'encrypted');
    if (file === undefined) return 0;
    const { plain, password } = openSecret(file, await passwordsToOpen(context));
    const edited = await editText(io, file.name, plain);
    if (Buffer.compare(edited, plain) === 0) {
      io.stderr.write(`${file.name} is unchanged\n`);
      return 0;
    }
    await saveSecret(file, encryptVault(edited, password));
    io.stderr.write(`encrypted ${file.name} again\n`);
    return 0;
  },
});
