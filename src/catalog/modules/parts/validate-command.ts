import { quoteSh, type Script } from '../../../model/command.ts';
import { splitWords } from './words.ts';

/** Makes the command of a `validate` argument: `%s` becomes the new file, which the host knows as `$lab_new`. No shell reads it otherwise. */
export function validateCommand(validate: string): Script | { readonly problem: string } {
  if (!validate.includes('%s')) return { problem: `validate must contain %s: ${validate}` };
  const words = splitWords(validate);
  if ('problem' in words) return { problem: `validate cannot be read: ${words.problem}` };
  const script = words.map(renderWord).join(' ');
  return { script, shown: validate };
}

function renderWord(word: string): string {
  const pieces = word.split('%s').map((piece) => {
    const text = piece.replaceAll('%%', '%');
    return text === '' ? '' : quoteSh(text);
  });
  return pieces.join('"$lab_new"') || "''";
}
