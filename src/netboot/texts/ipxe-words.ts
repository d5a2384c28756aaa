import { LabError } from '../../model/lab-error.ts';

const wordLimit = 2000;

/** A value as one word of an iPXE command. iPXE has no quoting (ipxe.org/scripting): it parts words at blanks, expands `${…}`, obeys `&&` and `||`, and takes a first `-` for an option; what holds any of these is refused with LabError 'input'. */
export function ipxeWord(text: string): string {
  const isPlain = /^[!%-~]+$/.test(text) && !/^[-#]|^(?:&&|\|\|)$/.test(text);
  if (isPlain && text.length <= wordLimit) return text;
  throw refuse(text, 'an iPXE script');
}

/** A text to be read on the screen, of any origin: what iPXE would obey and what its console cannot show is left out, so that every text can be said. */
export function ipxeLine(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^ -~]+|\$/g, ' ')
    .split(' ')
    .map((word) => word.replace(/^[-#]+/, ''))
    .map((word) => (word === '&&' ? 'and' : word === '||' ? 'or' : word))
    .filter((word) => word !== '')
    .join(' ')
    .slice(0, 200);
}

/** A text of any origin as hexadecimal UTF-8, which needs no quoting anywhere; read back by `readHex`. */
export function hexWord(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** One argument of a Linux kernel line, for iPXE and GRUB alike: a blank would part it, a quote would join what follows, `$` would be expanded. Throws LabError 'input'. */
export function kernelArgument(text: string): string {
  const isPlain = /^[!#%&(-[\]-~]+$/.test(text) && !/^#|^(?:&&|\|\|)$/.test(text);
  if (isPlain && text.length <= wordLimit) return text;
  throw refuse(text, 'a kernel line');
}

function refuse(text: string, where: string): LabError {
  return new LabError(
    'input',
    `${JSON.stringify(text.slice(0, 60))} cannot stand in ${where}`,
    'use letters, digits and the signs . : / = _ - without blanks, quotes or $',
  );
}
