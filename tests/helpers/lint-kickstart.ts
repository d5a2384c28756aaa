/** Commands that Anaconda of Red Hat Enterprise Linux 9 knows and we write (pykickstart documentation, chapter 2), with the options each may have. */
const commands: { readonly [name: string]: readonly string[] } = {
  text: [],
  lang: [],
  keyboard: ['--vckeymap', '--xlayouts'],
  timezone: ['--utc'],
  network: ['--bootproto', '--device', '--activate', '--hostname'],
  url: ['--url'],
  rootpw: ['--lock'],
  user: ['--name', '--groups', '--lock'],
  sshkey: ['--username'],
  firewall: ['--enabled', '--service'],
  selinux: ['--enforcing'],
  services: ['--enabled'],
  firstboot: ['--disable'],
  skipx: [],
  reboot: [],
  poweroff: [],
  ignoredisk: ['--only-use'],
  zerombr: [],
  clearpart: ['--all', '--initlabel', '--disklabel', '--drives'],
  bootloader: ['--boot-drive'],
  reqpart: [],
  part: ['--ondisk', '--fstype', '--size', '--grow'],
};

const sections = ['%packages', '%pre', '%post', '%onerror'];

/** What is wrong with a kickstart file by its own grammar: stands in for ksvalidator, which is packaged neither for Debian nor for npm. */
export function lintKickstart(text: string): string[] {
  const needed = ['lang', 'keyboard', 'timezone', 'rootpw', '%packages'];
  const missing = needed.filter((word) => !new RegExp(`^${word}\\b`, 'm').test(text));
  const storage = /^(?:ignoredisk|zerombr|clearpart|part|reqpart|bootloader)\b.*$/gm;
  return [
    ...missing.map((word) => `${word} is missing`),
    ...lintLines(text.split('\n')),
    // These stand in a file that %pre writes and %include reads.
    ...[...text.matchAll(storage)].flatMap(([line]) => lintCommand(line)),
  ];
}

function lintLines(lines: readonly string[]): string[] {
  const said: string[] = [];
  let section = '';
  for (const [index, line] of lines.entries()) {
    const [word = ''] = line.split(' ');
    if (sections.includes(word) && section !== '')
      said.push(`${index + 1}: a section in a section`);
    said.push(...lintLine(line, section).map((wrong) => `${index + 1}: ${wrong}: ${line}`));
    if (sections.includes(word)) section = word;
    else if (word === '%end') section = '';
  }
  return section === '' ? said : [...said, `${section} has no %end`];
}

function lintLine(line: string, section: string): string[] {
  const isBare = line === '' || /^(?:#|%end$|%include )/.test(line);
  if (isBare || sections.includes(line.split(' ')[0] ?? '')) return [];
  if (section === '') return lintCommand(line);
  const isPackage = /^-?(?:@\^?)?[A-Za-z\d][\w.+:-]*$/.test(line);
  return section === '%packages' && !isPackage ? ['no package'] : [];
}

function lintCommand(line: string): string[] {
  const [name = '', ...words] = line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (known === undefined) return [`unknown command ${name}`];
  return words
    .filter((word) => word.startsWith('--') && !known.includes(word.split('=')[0] ?? ''))
    .map((word) => `unknown option ${word}`);
}
