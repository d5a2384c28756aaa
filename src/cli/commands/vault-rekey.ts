import { LabError } from '../../model/lab-error.ts';
import { encryptVault, type VaultPassword } from '../../store/vault.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, defineCommand } from '../define-command.ts';
import { openSecret, passwordsToOpen, readSecrets, saveSecret } from '../vault-files.ts';
import { askNewVaultPassword, readVaultId } from '../vault-secrets.ts';

export default defineCommand({
  syntax: 'vault rekey <files...>',
  summary: 'Encrypt files anew with another password',
  description:
    'When one of the files cannot be decrypted with the present passwords, none is changed.',
  options: [
    ['--new-vault-password-file <file>', 'read the new password from a file'],
    [
      '--new-vault-id <label@source>',
      'the new password with its label; the source is a file or "prompt"',
    ],
  ],
  families: ['vault'],
  examples: [
    'vault rekey group_vars/all/vault.yml --vault-password-file old --new-vault-password-file new',
    'vault rekey secrets.yml --ask-vault-pass --new-vault-id exam@prompt',
  ],
  async run(context, [names], options) {
    const files = await readSecrets(names as string[], context, 'encrypted');
    const passwords = await passwordsToOpen(context);
    const opened = files.map((file) => ({ file, ...openSecret(file, passwords) }));
    const password = await newPassword(context, options);
    for (const { file, plain } of opened) await saveSecret(file, encryptVault(plain, password));
    context.io.stderr.write(`rekeyed ${files.map(({ name }) => name).join(', ')}\n`);
    return 0;
  },
});

async function newPassword({ io }: Context, options: CommandOptions): Promise<VaultPassword> {
  const { newVaultId, newVaultPasswordFile } = options;
  if (newVaultId !== undefined && newVaultPasswordFile !== undefined)
    throw new LabError('usage', 'two new passwords are named', 'leave one of them out');
  if (typeof newVaultId === 'string') return readVaultId(newVaultId, io);
  if (typeof newVaultPasswordFile === 'string')
    return readVaultId(`default@${newVaultPasswordFile}`, io);
  if (io.interactive) return askNewVaultPassword('default', io);
  throw new LabError(
    'usage',
    'no new vault password was given',
    'use --new-vault-password-file FILE',
  );
}
