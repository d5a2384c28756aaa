import { LabError } from '../../model/lab-error.ts';
import { answersFor, isConfirmedBy } from '../../netboot/reinstall/confirmation.ts';
import type { ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import type { Context } from '../context.ts';

/** Has a plan confirmed: by `--yes --confirm COUNT`, else by what a person types. Throws LabError 'refused' without either. */
export async function confirmPlan({ flags, io }: Context, plan: ReinstallPlan): Promise<void> {
  const { confirm } = flags;
  const count = String(plan.rows.length);
  if (confirm !== undefined || flags.yes === true) {
    if (flags.yes === true && confirm?.trim() === count) return;
    throw new LabError(
      'refused',
      `${count} hosts would be reinstalled${confirm === undefined ? '' : `, not ${confirm}`}; nothing was armed`,
      `look at them with --preview, then say --yes --confirm ${count}`,
    );
  }
  const answers = answersFor(plan).join(' or ');
  if (!io.interactive)
    throw new LabError(
      'refused',
      'nobody confirmed it: this is no terminal; nothing was armed',
      `look at it with --preview, then say --yes --confirm ${count}`,
    );
  const { input } = await import('@inquirer/prompts');
  const typed = await input(
    { message: `These disks will be wiped. Type ${answers} to go on:` },
    { output: process.stderr },
  );
  if (isConfirmedBy(plan, typed)) return;
  throw new LabError('refused', `"${typed.trim()}" is not ${answers}; nothing was armed`);
}
