import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { texts } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { fail, pass, skip, unknown, unreadable, warn, worst } from '../judging.ts';
import { compareVersions } from '../versions.ts';

export default defineCheck({
  name: 'software',
  summary: 'The software that should be there is there, new enough, and nothing forbidden.',
  options: {
    packages: texts(
      [],
      'names with * and the least version, such as veyon or "libreoffice-core >= 7.4"',
    ),
    forbidden: texts([], 'names with * that must not be installed'),
  },
  probe: {
    linux: ({ packages, forbidden }) => {
      const names = [...packages, ...forbidden].map((entry) => readWish(entry).name);
      return sh`
if [ -e /var/lib/dpkg/status ]; then echo manager; dpkg-query -W -f ${dpkgFormat} -- ${names} 2>/dev/null
elif command -v rpm >/dev/null 2>&1; then echo manager; rpm -qa --qf ${'installed %{NAME} %{VERSION}-%{RELEASE}\\n'} -- ${names}
else echo none; fi
echo end`;
    },
  },
  judge(output, { packages, forbidden }) {
    if (packages.length + forbidden.length === 0)
      return skip('no software is named in the suite (software: packages)');
    if (output.stdout.startsWith('none'))
      return unknown('no package manager was found (dpkg, rpm)');
    if (!/^manager\n(?:[\s\S]*\n)?end$/.test(output.stdout))
      return unreadable(output, 'its software');
    const rows = [...output.stdout.matchAll(/^installed (\S+) (\S+)$/gm)];
    const installed = rows.map(([, name = '', version = '']) => ({ name, version }));
    const key = installed
      .map(({ name, version }) => `${name} ${version}`)
      .sort()
      .join(', ');
    const findings = [
      ...packages.map((entry) => judgeWish(entry, installed)),
      ...forbidden.flatMap((entry) => judgeForbidden(entry, installed)),
    ];
    return {
      ...(findings.length === 0 ? pass('nothing forbidden is installed') : worst(findings)),
      key,
    };
  },
});

/** One line for each package: `installed NAME VERSION` (dpkg-query(1), showformat). */
const dpkgFormat = `${['db:Status-Status', 'Package', 'Version'].map((name) => `$\{${name}}`).join(' ')}\\n`;

interface Installed {
  readonly name: string;
  readonly version: string;
}

function judgeWish(entry: string, installed: readonly Installed[]): Judgement {
  const { name, version } = readWish(entry);
  const hint = `install it: apt install ${name} (dnf install ${name})`;
  const found = installed.filter((one) => matches(name, one.name));
  if (found.length === 0) return fail(`${name} is missing`, { expected: entry, hint });
  const best = found.reduce((a, b) => (compareVersions(a.version, b.version) >= 0 ? a : b));
  const told = `${best.name} ${best.version}`;
  return version !== '' && compareVersions(best.version, version) < 0
    ? fail(told, { expected: entry, hint })
    : pass(told);
}

function judgeForbidden(entry: string, installed: readonly Installed[]): Judgement[] {
  const { name } = readWish(entry);
  return installed
    .filter((one) => matches(name, one.name))
    .map((one) =>
      warn(`${one.name} ${one.version} is installed`, {
        expected: `no ${name}`,
        hint: `remove it: apt remove ${one.name}`,
      }),
    );
}

function readWish(entry: string): Installed {
  const [, name = '', version = ''] = /^\s*([^\s<>=]+)\s*(?:>=\s*(\S+))?\s*$/.exec(entry) ?? [];
  return { name: name === '' ? entry.trim() : name, version };
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^\w-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
