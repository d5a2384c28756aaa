import { describe, expect, test } from 'vitest';
import { parseSources, selectMirror } from '../../sim/mirror.ts';

const debian12 = 'ID=debian\nVERSION_CODENAME=bookworm\n';
const ubuntu24 = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n';

describe('the mirror of the base system', () => {
  test('comes from a deb822 file, past sources of other software', () => {
    const text = `Types: deb
# a snapshot once
URIs: http://mirror.school.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.school.example/debian-security
Suites: bookworm-security
Components: main
`;
    const sources = [
      ...parseSources(
        'a.sources',
        'Types: deb\nURIs: https://other.example\nSuites: stable\nComponents: main\n',
      ),
      ...parseSources('debian.sources', text),
    ];
    expect(selectMirror(debian12, sources)).toEqual({
      suite: 'bookworm',
      url: 'http://mirror.school.example/debian',
      components: ['main'],
    });
  });

  test('comes from a one-line file with options and comments', () => {
    const text = `# deb http://old.example/debian bookworm main
deb-src http://sources.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://mirrors.example.cn/ubuntu noble main restricted # near
`;
    expect(selectMirror(ubuntu24, parseSources('sources.list', text))).toEqual({
      suite: 'noble',
      url: 'https://mirrors.example.cn/ubuntu',
      components: ['main', 'universe'],
    });
  });

  test('reads fields that continue on the next line, and passes over what is switched off', () => {
    const text = `Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
URIs:
 http://on.example/debian
Suites:
 bookworm
Components: main
`;
    expect(selectMirror(debian12, parseSources('x.sources', text))?.url).toBe(
      'http://on.example/debian',
    );
  });

  test('is the public one where apt names none that debootstrap can use', () => {
    const cdrom = parseSources('sources.list', 'deb cdrom:[Debian 12]/ bookworm main\n');
    expect(selectMirror(debian12, cdrom)?.url).toBe('http://deb.debian.org/debian');
    expect(selectMirror(ubuntu24, [])?.url).toBe('http://archive.ubuntu.com/ubuntu');
  });

  test('is unknown where the machine does not tell its release', () => {
    expect(selectMirror('ID=arch\n', [])).toBeUndefined();
  });
});
