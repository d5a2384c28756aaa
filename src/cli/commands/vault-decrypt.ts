import { defineCommand } from '../define-command.ts';
import { openSecret, passwordsToOpen, readSecrets, saveSecret } from '../vault-files.ts';

export default defineCommand({
  syntax: 'vault decrypt <files...>',
  summary: 'Decrypt files in place; they stay for their owner only',
  description: 'When one of the files cannot be decrypted, none is changed.',
  families: ['vault'],
  examples: [
    'vault decrypt group_vars/all/vault.yml --vault-password-file ~/.vault',
    'vault decrypt secrets.yml --ask-vault-pass',
  ],
  async run(context, [names]) {
    const files = await readSecrets(names as string[], context, 'encrypted');
    const passwords = await passwordsToOpen(context);
    const opened = files.map((file) => ({ file, ...openSecret(file, passwords) }));
    for (const { file, plain } of opened) await saveSecret(file, plain);
    context.io.stderr.write(`decrypted ${files.map(({ name }) => name).join(', ')}\n`);
    return 0;
  },
});
