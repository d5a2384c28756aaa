import { type Command, type Script, sh } from '../../../model/command.ts';
import { makeVars, type Value, type Vars } from '../../../model/value.ts';

/** Package managers whose lists can be read. */
export type PackageManager = 'apt' | 'rpm' | 'pacman' | 'apk';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: formats of dpkg-query and rpm
const dpkgFormat =
  '${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Section}\\n';
const rpmFormat = '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: formats of dpkg-query and rpm

const lists: { readonly [name in PackageManager]: { program: string; list: Command } } = {
  apt: { program: 'dpkg-query', list: sh`dpkg-query -W -f=${dpkgFormat}` },
  rpm: { program: 'rpm', list: sh`rpm -qa --qf ${rpmFormat}` },
  pacman: { program: 'pacman', list: sh`pacman -Q` },
  apk: { program: 'apk', list: sh`apk info -v` },
};

/** Lists installed packages with the first manager that is there and has any, or with all of them. */
export function packageFactsLook(managers: readonly PackageManager[], firstOnly: boolean): Command {
  const pieces = managers.map((name): Command => {
    const { program, list } = lists[name];
    return sh`if command -v ${program} >/dev/null; then found=$(${{ script: list.script }} 2>/dev/null); [ -z "$found" ] || { printf '@@%s\n%s\n' ${name} "$found"; ${stop(firstOnly)}; }; fi`;
  });
  return sh`${{ script: pieces.map(({ script }) => script).join('\n') }}
true`;
}

const stop = (firstOnly: boolean): Script => ({ script: firstOnly ? 'exit 0' : ':' });

type Entry = readonly [name: string, facts: Vars];

/** Packages by name, each with a list of what is installed of it; undefined when no manager answered. */
export function parsePackageFacts(stdout: string): Vars | undefined {
  const packages = new Map<string, Value[]>();
  let read: ((line: string) => Entry | undefined) | undefined;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('@@')) read = readers[line.slice(2) as PackageManager];
    const entry = line.startsWith('@@') ? undefined : read?.(line);
    if (entry === undefined) continue;
    const [name, facts] = entry;
    const known = packages.get(name);
    if (known === undefined) packages.set(name, [facts]);
    else known.push(facts);
  }
  return read === undefined ? undefined : makeVars(packages);
}

const readers: { readonly [name in PackageManager]: (line: string) => Entry | undefined } = {
  apt(line) {
    const [status, name = '', version = '', arch = '', category = ''] = line.split('\t');
    if (status === undefined || ['not-installed', 'config-files'].includes(status))
      return undefined;
    return name === ''
      ? undefined
      : [name, { name, version, arch, category, source: 'apt', origin: '' }];
  },
  rpm(line) {
    const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('\t');
    if (name === '') return undefined;
    return [
      name,
      {
        name,
        version,
        release,
        epoch: /^\d+$/.test(epoch) ? Number(epoch) : null,
        arch: arch === '(none)' ? null : arch,
        source: 'rpm',
      },
    ];
  },
  pacman(line) {
    const [name = '', version = ''] = line.split(' ');
    return name === '' ? undefined : [name, { name, version, source: 'pacman' }];
  },
  apk(line) {
    const [, name, version] = /^(.+)-([^-]+-r\d+)$/.exec(line) ?? [];
    return name === undefined || version === undefined
      ? undefined
      : [name, { name, version, source: 'apk' }];
  },
};
