import { isNamePattern } from './name-pattern.ts';

/** One wish of the `apt` module: `vim`, `vim=2:9.0*`, `vim>=2:9.0`, `lib*-dev`, `libc6:i386`. */
export interface AptSpec {
  /** As written. */
  readonly text: string;
  readonly name: string;
  readonly comparison: '' | '=' | '>=';
  /** '' without a comparison; may be a pattern with `=`. */
  readonly version: string;
  /** Its name stands for every package that matches. */
  readonly isPattern: boolean;
}

/** Reads package specifiers; the first that makes no sense is the problem. */
export function parseAptSpecs(
  texts: readonly string[],
): { readonly specs: readonly AptSpec[] } | { readonly problem: string } {
  const specs: AptSpec[] = [];
  for (const text of texts.map((item) => item.trim())) {
    if (text.split('=').length > 2) return { problem: `invalid package spec: ${text}` };
    const [, name = '', comparison = '', version = ''] = /^(.*?)(>?=)(.*)$/s.exec(text) ?? [
      '',
      text,
    ];
    if (!isPackageName(name)) return { problem: noSuchPackage(name) };
    specs.push({
      text,
      name,
      comparison: comparison as AptSpec['comparison'],
      version,
      isPattern: isNamePattern(name),
    });
  }
  return { specs };
}

/** Debian policy 5.6.1, with the leniency of dpkg and room for patterns; anything else would be an option or a regular expression to apt-get. */
function isPackageName(name: string): boolean {
  return /^[A-Za-z0-9*?[][A-Za-z0-9+._*?[\]!-]*(:[a-z0-9-]+)?$/.test(name);
}

/** What Ansible says of a package nobody offers. */
export function noSuchPackage(name: string): string {
  return `No package matching '${name}' is available`;
}
