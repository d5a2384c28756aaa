import { LabError } from '../../model/lab-error.ts';
import type { LoadRim } from '../../playbook/load-rim.ts';
import type { Context } from '../context.ts';

export async function checkFolder(
  _context: Context,
  folder: string,
  _rim: { rim: LoadRim },
): Promise<number> {
  throw new LabError('usage', `${folder} is a folder`);
}
