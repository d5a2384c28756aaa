import { defineCommand } from '../define-command.ts';
import { openSecret, passwordsToOpen, readSecrets } from '../vault-files.ts';

export default defineCommand({
  syntax: 'vault view <files...>',
  summary: 'Print what encrypted files hold; nothing is written',
  families: ['vault'],
  examples: [
    'vault view group_vars/all/vault.yml --vault-password-file ~/.vault',
    'vault view secrets.yml --ask-vault-pass',
  ],
  async run(context, [names]) {
    const files = await readSecrets(names as string[], context, 'encrypted');
    const passwords = await passwordsToOpen(context);
    for (const { plain } of files.map((file) => openSecret(file, passwords)))
      context.io.stdout.write(plain);
    return 0;
  },
});
