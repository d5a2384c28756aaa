import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editKeys, type KeyWish } from '../../../src/catalog/modules/parts/authorized-edit.ts';
import type { CronArgs } from '../../../src/catalog/modules/parts/cron-args.ts';
import { editCron, renderCron } from '../../../src/catalog/modules/parts/cron-table.ts';
import { dropEntry, setEntry } from '../../../src/catalog/modules/parts/fstab.ts';
import { hashHost, readSearch } from '../../../src/catalog/modules/parts/known-host-lines.ts';
import {
  isMounted,
  isSameSource,
  parseMounts,
} from '../../../src/catalog/modules/parts/mount-table.ts';
import { isExcluded, readExcludes } from '../../../src/catalog/modules/parts/rsync-patterns.ts';
import { editSysctl, valueIn } from '../../../src/catalog/modules/parts/sysctl-text.ts';
import { insertPlace, type UfwArgs } from '../../../src/catalog/modules/parts/ufw-args.ts';
import { parseUnitStatus } from '../../../src/catalog/modules/parts/unit-status.ts';
import { expiresAsWanted, expiryDate } from '../../../src/catalog/modules/parts/user-dates.ts';

const word = fc.stringMatching(/^[A-Za-z0-9_./:-]{1,12}$/);
const text = fc.stringMatching(/^[ -~]{0,20}$/);
const lines = fc.array(text).map((all) => all.map((line) => `${line}\n`).join(''));

describe('fstab', () => {
  const entry = fc.record({
    src: fc.stringMatching(/^[A-Za-z0-9_./ :&\\-]{1,12}$/),
    path: word.map((name) => `/${name}`),
    fstype: word,
    opts: word,
    dump: fc.constantFrom('0', '1'),
    passno: fc.constantFrom('0', '2'),
  });

  it('holds an entry after one edit, and the second edit changes nothing', () => {
    fc.assert(
      fc.property(lines, entry, (before, wished) => {
        const once = setEntry(before, wished);
        expect(setEntry(once.text, wished)).toEqual({ text: once.text, changed: false });
      }),
    );
  });

  it('loses an entry without touching any other line', () => {
    fc.assert(
      fc.property(entry, (wished) => {
        const before = '# mine\n\n/dev/x /elsewhere ext4 defaults 0 1\n';
        const { text: after } = setEntry(before, { ...wished, path: `/a${wished.path}` });
        expect(dropEntry(after, `/a${wished.path}`, undefined).text).toBe(before);
      }),
    );
  });
});

describe('a crontab', () => {
  const args: CronArgs = {
    name: 'n',
    job: 'j',
    user: 'root',
    cron_file: undefined,
    state: 'present',
    backup: false,
    minute: '*',
    hour: '*',
    day: '*',
    month: '*',
    weekday: '*',
    special_time: undefined,
    disabled: false,
    env: false,
    insertafter: undefined,
    insertbefore: undefined,
  };

  it('holds a job or a variable after one edit, and the second edit changes nothing', () => {
    const wish = fc.record({ name: word, job: word, env: fc.boolean(), disabled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(text), wish, (before, wished) => {
        const once = editCron(before, { ...args, ...wished });
        expect(editCron(once.lines, { ...args, ...wished }).changed).toBe(false);
        const gone = editCron(once.lines, { ...args, ...wished, state: 'absent' });
        expect(editCron(gone.lines, { ...args, ...wished, state: 'absent' }).changed).toBe(false);
      }),
    );
  });

  it('puts a variable before or after another one, and says when that one is not there', () => {
    const variable = { ...args, name: 'B', job: 'x', env: true };
    const after = editCron(['A="1"', 'C="2"'], { ...variable, insertafter: 'A' });
    expect(after.lines).toEqual(['A="1"', 'B="x"', 'C="2"']);
    const before = editCron(['A="1"', 'C="2"'], { ...variable, insertbefore: 'A' });
    expect(before.lines).toEqual(['B="x"', 'A="1"', 'C="2"']);
    const lost = editCron([], { ...variable, insertafter: 'A' });
    expect(lost.problem).toBe("Variable named 'A' not found.");
  });

  it('ends with one newline, or holds nothing at all', () => {
    expect(renderCron(['a', '', ''])).toBe('a\n');
    expect(renderCron([])).toBe('');
  });
});

describe('a file of authorized keys', () => {
  const wish: KeyWish = {
    keys: '',
    state: 'present',
    options: undefined,
    comment: undefined,
    isExclusive: false,
  };
  const key = fc
    .tuple(
      fc.constantFrom('ssh-ed25519', 'ssh-rsa'),
      fc.stringMatching(/^AAAA[A-Za-z0-9+/]{4,12}$/),
      word,
    )
    .map((words) => words.join(' '));

  it('holds all keys after one edit, and the second edit changes nothing', () => {
    fc.assert(
      fc.property(
        lines,
        fc.array(key, { minLength: 1 }),
        fc.boolean(),
        (before, keys, isExclusive) => {
          const bodies = new Set(keys.map((line) => line.split(' ')[1]));
          fc.pre(bodies.size === keys.length);
          const wished = { ...wish, keys: keys.join('\n'), isExclusive };
          const once = editKeys(before, wished);
          expect(editKeys(once.text, wished).changed).toBe(false);
          for (const line of keys) expect(once.text).toContain(line);
        },
      ),
    );
  });

  it('does not glue a key to a comment that ends without a newline', () => {
    const { text: after } = editKeys('# by hand', { ...wish, keys: 'ssh-rsa AAAA me' });
    expect(after).toBe('# by hand\nssh-rsa AAAA me\n');
  });
});

describe('known hosts', () => {
  const key = 'server ssh-ed25519 AAAAC3Nz';

  it('knows a key again whatever its hash, and tells another key of the type', () => {
    const hashed = hashHost(key, 'server', 'seed');
    const printed = `# Host server found: line 3\n${hashHost(key, 'server', 'other')}\n`;
    expect(hashed).toMatch(/^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}= ssh-ed25519 AAAAC3Nz$/);
    expect(readSearch(printed, hashed)).toEqual({ found: true, replaces: false, line: 3 });
    const otherKey = `# Host server found: line 2\nserver ssh-ed25519 BBBB\n`;
    expect(readSearch(otherKey, key)).toEqual({ found: true, replaces: true, line: 2 });
    const otherType = `# Host server found: line 2\nserver ssh-rsa BBBB\n`;
    expect(readSearch(otherType, key)).toEqual({ found: true, replaces: true, line: undefined });
  });
});

describe('mountinfo', () => {
  const table = parseMounts(`22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:20 / /srv/a\\040b rw - tmpfs tmpfs rw
24 22 8:1 /home/x /srv/bound rw - ext4 /dev/sda1 rw`);

  it('knows what is mounted where, and what a bind mount binds', () => {
    expect(isMounted(table, ['/srv/a b'])).toBe(true);
    expect(isMounted(table, ['/srv'])).toBe(false);
    expect(isMounted(table, ['/srv/bound'], '/home/x')).toBe(true);
    expect(isMounted(table, ['/srv/bound'], '/home/y')).toBe(false);
    expect(isSameSource(table, ['/srv/bound'], '/home/x')).toBe(true);
    expect(isSameSource(table, ['/srv/a b'], 'other')).toBe(false);
  });
});

describe('a sysctl file', () => {
  it('holds a value after an edit, once', () => {
    fc.assert(
      fc.property(lines, word, word, (before, name, value) => {
        fc.pre(!name.startsWith('#') && !name.startsWith(';'));
        const after = editSysctl(before, name, value);
        expect(valueIn(after, name)).toBe(value);
        expect(editSysctl(after, name, value)).toBe(after);
        expect(valueIn(editSysctl(after, name, undefined), name)).toBeUndefined();
      }),
    );
  });
});

describe('patterns of what is left out', () => {
  it.each([
    ['*.bak', 'a/b.bak', false, true],
    ['*.bak', 'a.bak/c', false, true],
    ['/top', 'top', false, true],
    ['/top', 'sub/top', false, false],
    ['logs/', 'logs', false, false],
    ['logs/', 'logs/x', false, true],
    ['a/*.c', 'x/a/y.c', false, true],
    ['a/*.c', 'x/a/b/y.c', false, false],
    ['a/**', 'a/b/c', false, true],
    ['[!a]x', 'bx', false, true],
    ['[!a]x', 'ax', false, false],
    ['a+b', 'a+b', false, true],
  ])('%s leaves %s out: %s', (pattern, path, isFolder, expected) => {
    expect(isExcluded(path, isFolder, [pattern])).toBe(expected);
  });

  it('are read out of options, of which no others are known', () => {
    expect(readExcludes(['--exclude=a b', '--exclude', "'c'"])).toEqual({ patterns: ['a b', 'c'] });
    expect(readExcludes(['--exclude=a', '--bwlimit=5']).unknown).toBe('--bwlimit=5');
  });
});

describe('the place of a rule of ufw', () => {
  const numbered =
    'Status: active\n[ 1] 22 ALLOW IN\n[ 2] 80 ALLOW IN\n[ 3] 22 (v6) ALLOW IN (v6)\n';
  it.each([
    ['zero', 2, 2],
    ['first-ipv4', 0, 1],
    ['last-ipv4', 0, 2],
    ['first-ipv6', 0, 3],
    ['last-ipv6', 0, 3],
    ['last-ipv6', 5, undefined],
  ])('relative to %s, %i on, is %s', (insert_relative_to, insert, expected) => {
    const args = { insert, insert_relative_to, delete: false } as UfwArgs;
    expect(insertPlace(args, numbered)).toBe(expected);
  });
});

describe('what systemctl shows', () => {
  it('is read line by line, but for commands in braces', () => {
    const status = parseUnitStatus(
      'Description={ not many lines\nExecStart={ path=/bin/a ; argv[]=a\nb=c ; }\nActiveState=active\n',
    );
    expect(Object.fromEntries(status)).toEqual({
      Description: '{ not many lines',
      ExecStart: '{ path=/bin/a ; argv[]=a\nb=c ; }',
      ActiveState: 'active',
    });
  });
});

describe('the end of an account', () => {
  it('is a day of UTC, or never', () => {
    expect(expiryDate(1_767_225_599)).toBe('2025-12-31');
    expect(expiryDate(-1)).toBe('');
    expect(expiresAsWanted('20453', 1_767_225_599)).toBe(true);
    expect(expiresAsWanted('', 1_767_225_599)).toBe(false);
    expect(expiresAsWanted('', -1)).toBe(true);
    expect(expiresAsWanted('20453', -1)).toBe(false);
  });
});
