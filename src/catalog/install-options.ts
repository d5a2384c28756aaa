import { choice, number, type Option, text, texts } from '../model/options.ts';

/** What every profile that writes a system lets a site set. Each value is checked by a strict grammar: it ends up in answer files, jobs and kernel lines. */
export interface SystemOptions {
  readonly domain: string;
  readonly timezone: string;
  readonly locale: string;
  readonly keymap: string;
  /** A technician's account with sudo and the technicians' keys; '' for root alone. */
  readonly user: string;
  readonly after: 'reboot' | 'poweroff';
}

/** A text that must match a grammar; `wanted` completes "write …". */
export function word(
  fallback: string,
  summary: string,
  grammar: RegExp,
  wanted: string,
): Option<string> {
  return narrow(text(fallback, summary), (value) => grammar.test(value), wanted);
}

/** A list of texts of which each must match a grammar. */
export function words(
  fallback: readonly string[],
  summary: string,
  grammar: RegExp,
  wanted: string,
): Option<readonly string[]> {
  const fits = (value: readonly string[]): boolean => value.every((one) => grammar.test(one));
  return narrow(texts(fallback, summary), fits, wanted);
}

function narrow<T>(option: Option<T>, fits: (value: T) => boolean, wanted: string): Option<T> {
  return {
    ...option,
    read(value) {
      const read = option.read(value);
      return 'problem' in read || fits(read.value) ? read : { problem: `write ${wanted}` };
    },
  };
}

/** A DNS name of labels as RFC 1123, 2.1 has them, or nothing. */
const domainName =
  /^(?:(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*)?$/i;
/** As useradd(8) of Debian takes it. */
const userName = /^(?:[a-z_][a-z\d_-]{0,30})?$/;

export const systemOptions = {
  domain: word('', 'DNS domain of the host', domainName, 'a DNS name such as lab.example'),
  timezone: word(
    'UTC',
    'time zone, as in the tz database',
    /^[A-Za-z][\w+-]*(?:\/[A-Za-z][\w+-]*){0,2}$/,
    'a time zone such as Asia/Shanghai',
  ),
  locale: word(
    'en_US.UTF-8',
    'language and encoding',
    /^(?:C|POSIX|[a-z]{2,3}_[A-Z]{2})(?:\.UTF-8)?$/,
    'a locale such as zh_CN.UTF-8',
  ),
  keymap: word('us', 'keyboard layout', /^[a-z]{2,10}(?:-[a-z\d]{1,20})?$/, 'a layout such as us'),
  user: word(
    '',
    "a technician's account with sudo and the technicians' keys; without it root alone has them",
    userName,
    'a short lower-case name',
  ),
  after: choice('reboot', ['reboot', 'poweroff'], 'what the PC does once it is installed'),
} as const;

/** A mirror's address: scheme, host, path; nothing that could end a quoted text. */
export function mirror(fallback: string, summary = 'where packages come from'): Option<string> {
  return word(
    fallback,
    summary,
    /^(?:https?:\/\/[A-Za-z\d.:[\]-]+(?:\/[\w.~%+-]+)*\/?)?$/,
    'an address such as http://mirror.example/debian',
  );
}

/** Names of packages or package groups. */
export function packageNames(
  fallback: readonly string[],
  summary: string,
): Option<readonly string[]> {
  return words(
    fallback,
    summary,
    /^(?:@\^?)?[A-Za-z\d][\w.+:-]{0,127}$/,
    'a list of package names',
  );
}

/** A size in MiB, bounded so that it is one. */
export function mebibytes(fallback: number, summary: string, min = 0): Option<number> {
  const option = number(fallback, summary, { min, max: 64 * 1024 * 1024 });
  return narrow(option, Number.isInteger, `a whole number of MiB from ${min}`);
}

/** More words for the kernel line. */
export const kernelArgs = words(
  [],
  'more words for the kernel line',
  /^[\w.,:/=@%+-]{1,200}$/,
  'a list of words such as console=ttyS0',
);
