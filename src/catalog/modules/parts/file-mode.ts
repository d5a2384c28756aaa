/** Permission bits as Ansible writes them: `0644`. */
export function modeText(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

/** Whether symbolic permissions leave out for whom, so that the umask of the host has a say. */
export function needsUmask(wished: string | undefined): boolean {
  return wished !== undefined && !isOctal(wished) && /(^|,)[-+=]/.test(wished);
}

const isOctal = (wished: string): boolean => /^[0-7]+$/.test(wished);

interface Bits {
  readonly mode: number;
  readonly isFolder: boolean;
  readonly umask: number;
}

/** The permission bits that octal or symbolic text makes of present ones (chmod(1); `X` looks at the bits before, as in Ansible). */
export function modeAfter(wished: string, mode: number, isFolder: boolean, umask = 0o022): number {
  if (isOctal(wished)) return Number.parseInt(wished, 8) & 0o7777;
  let result = mode;
  for (const clause of wished.split(',')) {
    const [, who = '', operations = ''] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
    for (const [, operator = '', perms = ''] of operations.matchAll(/([-+=])([^-+=]*)/g))
      result = applyAll(result, who, operator, perms, { mode, isFolder, umask });
  }
  return result;
}

function applyAll(
  result: number,
  who: string,
  operator: string,
  perms: string,
  bits: Bits,
): number {
  const classes = who === '' || who.includes('a') ? 'ugo' : who;
  let next = result;
  for (const each of classes) {
    const wanted = bitsOf(each, perms, who === '' ? bits : { ...bits, umask: 0 });
    if (operator === '-') next &= ~wanted;
    else next = (operator === '=' ? next & ~(classMasks[each] ?? 0) : next) | wanted;
  }
  return next;
}

const shifts: { readonly [who: string]: number } = { u: 6, g: 3, o: 0 };
const classMasks: { readonly [who: string]: number } = { u: 0o4700, g: 0o2070, o: 0o1007 };
const letterBits: { readonly [letter: string]: number } = { r: 4, w: 2, x: 1 };
const specials: { readonly [letter: string]: { readonly [who: string]: number } } = {
  s: { u: 0o4000, g: 0o2000 },
  t: { o: 0o1000 },
};

function bitsOf(who: string, perms: string, { mode, isFolder, umask }: Bits): number {
  const shift = shifts[who] ?? 0;
  let bits = 0;
  for (const letter of perms) {
    const from = shifts[letter];
    if (from !== undefined) bits |= ((mode >> from) & 7) << shift;
    else if (letter === 'X') bits |= isFolder || (mode & 0o111) !== 0 ? 1 << shift : 0;
    else bits |= (((letterBits[letter] ?? 0) << shift) & ~umask) | (specials[letter]?.[who] ?? 0);
  }
  return bits;
}
