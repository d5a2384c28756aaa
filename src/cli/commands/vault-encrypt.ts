import { encryptVault } from '../../store/vault.ts';
import { defineCommand } from '../define-command.ts';
import { passwordToSeal, readSecrets, saveSecret } from '../vault-files.ts';

export default defineCommand({
  syntax: 'vault encrypt <files...>',
  summary: 'Encrypt files in place, as ansible-vault does',
  description: 'The files are replaced whole, for their owner only (0600).',
  options: [['--encrypt-vault-id <label>', 'encrypt with the password of this label']],
  families: ['vault'],
  examples: [
    'vault encrypt group_vars/all/vault.yml --vault-password-file ~/.vault',
    'vault encrypt secrets.yml --vault-id exam@prompt',
  ],
  async run(context, [names], { encryptVaultId }) {
    const files = await readSecrets(names as string[], context, 'plain');
    const label = typeof encryptVaultId === 'string' ? encryptVaultId : undefined;
    const password = await passwordToSeal(context, label);
    for (const file of files) await saveSecret(file, encryptVault(file.bytes, password));
    context.io.stderr.write(`encrypted ${files.map(({ name }) => name).join(', ')}\n`);
    return 0;
  },
});
