import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

const school = `# two rooms
all:
  children:
    lab_a:
      vars:
        room: { title: 计算机室一, maintainer: 张伟, subnet: 10.1.1.0/24, gateway: 10.1.1.254 }
        owner: { name: 张伟, id: "0117", phone: "8600" }
      hosts:
        a01:
          mac: "00:e0:4c:01:00:01"   # left
          ip: 10.1.1.1
          seat: "01"
        a02: { mac: "00:e0:4c:01:00:02", ip: 10.1.1.2, seat: "02" }
    office:
      vars:
        room: { title: 办公室, subnet: 10.2.0.0/24, gateway: 10.2.0.1 }
      hosts:
        o1:
          owner:
            name: 李雷
            id: "0120"
            phone: "8601"   # desk
          mac:
            - { addr: "00:e0:4c:02:00:01", role: wired, primary: true }
            - { addr: "00:e0:4c:02:00:99", role: dock }
          ip: 10.2.0.11
          seat: "1"
        o2:
          owner: 韩梅梅
          mac: "00:e0:4c:02:00:02"
          ip: 10.2.0.12
          seat: "2"
`;

let project: Project;
beforeEach(() => {
  project = makeProject(school);
});
afterEach(() => project.remove());

const day = Date.UTC(2026, 10, 23, 8);
const minute = 60_000;
let nowMs = day;
beforeEach(() => {
  nowMs = day;
});

/** Each command runs a minute after the one before. */
function lab(...args: string[]) {
  nowMs += minute;
  return runLab(args, { cwd: project.folder, nowMs });
}

async function json(...args: string[]) {
  const ran = await lab(...args, '-o', 'json');
  expect(ran.stderr.replace(/^the ledger begins.*\n/, '')).toBe('');
  expect(ran.exitCode).toBe(0);
  return JSON.parse(ran.stdout);
}

const text = () => readFileSync(project.file, 'utf8');
const hanmeimei = ['--owner', '韩梅梅', '--owner-id', '0121'];

async function kinds(host: string): Promise<string[]> {
  const { rows } = await json('registry', 'history', host);
  return rows.map(({ kind }: { kind: string }) => kind);
}

describe('lab registry', () => {
  it('hands a PC on: one edit that keeps every other byte, one row, and no edit found afterwards', async () => {
    const found = await json('registry', 'transfer', 'o1', ...hanmeimei, '--reason', '调岗');
    expect(found).toMatchObject({
      schema: 'lab.ledger/1',
      totals: { rows: 1 },
      rows: [
        {
          seq: 5,
          kind: 'transfer',
          host: 'o1',
          who: expect.stringContaining('@'),
          before: { owner: { name: '李雷', id: '0120', phone: '8601' } },
          after: { ip: '10.2.0.11', owner: { name: '韩梅梅', id: '0121', phone: '' } },
          reason: '调岗',
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
    expect(text()).toBe(
      school
        .replace(
          '            name: 李雷\n            id: "0120"\n',
          '            name: 韩梅梅\n            id: "0121"\n',
        )
        .replace('            phone: "8601"   # desk\n', ''),
    );
    expect(await kinds('o1')).toEqual(['register', 'transfer']);
    expect((await lab('registry', 'verify')).exitCode).toBe(0);
  });

  it('writes an owner as a mapping where it was a text, and beside one that the room gives', async () => {
    await json('registry', 'register', 'o2', ...hanmeimei, '--mac', '00e0.4c02.0003');
    expect(text()).toContain(
      '        o2:\n          mac: "00:e0:4c:02:00:03"\n          ip: 10.2.0.12\n',
    );
    expect(text()).toContain(
      '          owner:\n            name: 韩梅梅\n            id: "0121"\n',
    );
    await json('registry', 'transfer', 'a02', ...hanmeimei);
    expect(text()).toContain('seat: "02", owner: {name: 韩梅梅, id: "0121"} }');
    expect(await kinds('o2')).toEqual(['register', 'register']);
    expect(await kinds('a02')).toEqual(['register', 'transfer']);
  });

  it('changes the primary address of a list and leaves the dock', async () => {
    await json(
      'registry',
      'register',
      'o1',
      '--owner',
      '李雷',
      '--owner-id',
      '0120',
      '--mac',
      '00:e0:4c:02:00:07',
    );
    expect(text()).toBe(school.replace('00:e0:4c:02:00:01', '00:e0:4c:02:00:07'));
    expect(await kinds('o1')).toEqual(['register', 'register']);
  });

  it('frees owner and addresses, also an owner from the room, and takes the PC back later', async () => {
    await json('registry', 'release', 'a01', '--reason', '归还');
    await json('registry', 'release', 'o1', '--reason', '报废', '--retire');
    expect(text()).toContain(
      '        a01:\n          seat: "01"\n          owner: ""\n          status: spare\n',
    );
    expect(text()).toContain('        o1:\n          seat: "1"\n          status: retired\n');
    expect(await lab('inventory', 'validate')).toMatchObject({ exitCode: 0 });
    const nobody = await json('registry', 'who', '10.1.1.1');
    expect(nobody).toMatchObject({ answer: 'nobody', holders: [] });
    const back = [...hanmeimei, '--mac', '00:e0:4c:01:00:01', '--ip', '10.1.1.1'];
    await json('registry', 'register', 'a01', ...back);
    expect(await kinds('a01')).toEqual(['register', 'release', 'register']);
    expect(await lab('inventory', 'validate')).toMatchObject({ exitCode: 0 });
  });

  it('adds a PC that is new to its room', async () => {
    const where = [
      '--room',
      'lab_a',
      '--seat',
      '03',
      '--mac',
      '00-E0-4C-01-00-03',
      '--ip',
      '10.1.1.3',
    ];
    await json('registry', 'register', 'a03', ...hanmeimei, ...where);
    const { hosts } = JSON.parse((await lab('inventory', 'list', 'a03', '-o', 'json')).stdout);
    expect(hosts).toMatchObject([
      { name: 'a03', room: 'lab_a', seat: '03', mac: '00:e0:4c:01:00:03', ip: '10.1.1.3' },
    ]);
    expect(await kinds('a03')).toEqual(['register']);
  });

  it.each([
    [['--ip', '10.2.0.12'], 'IP', '韩梅梅'],
    [['--mac', '00:e0:4c:01:00:01'], 'MAC', '张伟 (0117)'],
    [['--seat', '2'], 'seat 2 of office', 'o2 (韩梅梅'],
  ])(
    "refuses what is somebody else's with the holder and the place, and writes nothing: %j",
    async (more, what, holder) => {
      const ran = await lab(
        'registry',
        'register',
        'o1',
        '--owner',
        '李雷',
        '--owner-id',
        '0120',
        ...more,
      );
      expect(ran.exitCode).toBe(6);
      expect(ran.stderr).toContain(what);
      expect(ran.stderr).toContain(holder);
      expect(ran.stderr).toMatch(/inventories\/school\.yaml:\d+:\d+/);
      expect(text()).toBe(school);
      expect(await kinds('o1')).toEqual(['register']);
    },
  );

  it('refuses bad values with 3 and missing flags with 5, naming them', async () => {
    const bad = await lab('registry', 'register', 'o1', ...hanmeimei, '--mac', '00:e0');
    expect(bad).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--mac') });
    const missing = await lab('registry', 'register', 'new1');
    expect(missing.exitCode).toBe(5);
    for (const flag of ['--owner', '--owner-id', '--mac', '--ip', '--room'])
      expect(missing.stderr).toContain(flag);
    expect((await lab('registry', 'release', 'o1')).exitCode).toBe(5);
    expect((await lab('registry', 'transfer', 'nope', ...hanmeimei)).exitCode).toBe(5);
  });

  it('does nothing twice', async () => {
    await json('registry', 'transfer', 'o1', ...hanmeimei);
    const again = await lab('registry', 'transfer', 'o1', ...hanmeimei);
    expect(again).toMatchObject({ exitCode: 0, stderr: 'o1: the register says so already\n' });
    expect(await kinds('o1')).toEqual(['register', 'transfer']);
  });

  it('files a hand edit at the next command, whichever that is, and says so', async () => {
    await lab('registry', 'pending');
    writeFileSync(
      project.file,
      school.replace('10.1.1.1\n', '10.1.1.77\n').replace('        a02: {', '        a09: {'),
    );
    const ran = await lab('registry', 'who', '10.1.1.77');
    expect(ran.stderr).toContain('3 hosts filed as such');
    const { rows } = await json('registry', 'history', 'a01');
    expect(rows[1]).toMatchObject({
      kind: 'edit',
      before: { ip: '10.1.1.1' },
      after: { ip: '10.1.1.77' },
      reason: expect.stringMatching(/^hand edit of the inventory, found by .+@.+ at 2026-11-23T/),
    });
    expect(await kinds('a02')).toEqual(['register', 'edit']);
    expect((await lab('registry', 'pending')).stderr).toBe('');
  });

  it('does not take an unreadable inventory for one without hosts', async () => {
    await lab('registry', 'pending');
    writeFileSync(project.file, `${school}  - broken`);
    const ran = await lab('registry', 'who', '10.1.1.1');
    expect(ran.stderr).toContain('was not compared');
    expect(ran.stdout).toContain('张伟');
    expect((await lab('registry', 'register', 'o1', ...hanmeimei)).exitCode).toBe(3);
    writeFileSync(project.file, school);
    expect(await kinds('a01')).toEqual(['register']);
  });
});

describe('lab registry who', () => {
  it('answers for any moment, with the rows as evidence', async () => {
    await lab('registry', 'pending');
    await json('registry', 'transfer', 'o1', ...hanmeimei);
    const at = (offset: number) => new Date(day + offset * minute).toISOString();
    const found = await json('registry', 'who', '10.2.0.11', '--at', at(1.5));
    expect(found).toMatchObject({
      schema: 'lab.who/1',
      query: { address: '10.2.0.11', kind: 'ip' },
      answer: 'one',
      knownFrom: at(1),
      holders: [
        { host: 'o1', owner: { name: '李雷' }, from: at(1), to: at(2), rows: [{ seq: 3 }] },
      ],
    });
    expect(await json('registry', 'who', '00-E0-4C-02-00-01')).toMatchObject({
      answer: 'one',
      holders: [{ owner: { name: '韩梅梅', id: '0121' }, to: '' }],
    });
    const early = await json('registry', 'who', '10.2.0.11', '--at', '2020-01-01');
    expect(early).toMatchObject({ answer: 'unknown', reason: 'before-first-row' });
    expect(await json('registry', 'who', '10.2.0.99')).toMatchObject({ answer: 'nobody' });
    const both = await json('registry', 'who', '10.2.0.11', '--at', at(0).slice(0, 10));
    expect(both).toMatchObject({ answer: 'several' });
  });

  it('tells a person in either language', async () => {
    expect((await lab('registry', 'who', '10.1.1.1')).stdout).toContain('张伟 (0117), a01');
    const chinese = await lab('registry', 'who', '10.1.1.9', '--lang', 'zh-CN');
    expect(chinese.stdout).toContain('无人使用');
    expect((await lab('registry', 'who', '10.1.1.300')).exitCode).toBe(3);
    expect((await lab('registry', 'who', '10.1.1.1', '--at', 'noon')).exitCode).toBe(3);
  });
});

describe('requests', () => {
  it('wait, survive edits, are approved by someone else, and are carried out with every name on file', async () => {
    await json('registry', 'transfer', 'o1', ...hanmeimei, '--request', '--reason', '调岗');
    expect(text()).toBe(school);
    writeFileSync(project.file, school.replace('seat: "1"', 'seat: "7"'));
    await lab('registry', 'who', '10.2.0.11');
    nowMs += 26 * 60 * minute;
    const pending = await json('registry', 'pending');
    expect(pending).toMatchObject({
      schema: 'lab.pending/1',
      requests: [{ id: '5', host: 'o1', verb: 'transfer', owner: '韩梅梅', reason: '调岗' }],
    });
    expect(pending.requests[0].waitingMs).toBeGreaterThan(26 * 60 * minute);
    expect((await lab('registry', 'pending')).stdout).toContain('1 d 2 h');
    expect((await lab('registry', 'approve', '5')).exitCode).toBe(6);
    expect((await lab('registry', 'approve', '5', '--approved-by', '韩梅梅')).exitCode).toBe(6);
    const { rows } = await json('registry', 'approve', '5', '--approved-by', '李校长');
    const me = `${process.env['SUDO_USER'] ?? userInfo().username}@${hostname()}`;
    expect(rows).toMatchObject([
      { kind: 'approve', cites: 5, reference: '5', approvedBy: '李校长', who: me },
      {
        ...{ kind: 'transfer', reference: '5', approvedBy: '李校长', appliedBy: me, who: me },
        after: { seat: '7', owner: { name: '韩梅梅' } },
        reason: '调岗',
      },
    ]);
    expect(text()).toContain('name: 韩梅梅\n            id: "0121"');
    expect((await lab('registry', 'approve', '5', '--approved-by', '李校长')).exitCode).toBe(5);
    expect((await json('registry', 'pending')).requests).toEqual([]);
  });

  it('are approved by another login, and rejected with a reason', async () => {
    for (const host of ['o1', 'a01'])
      await json('registry', 'transfer', host, ...hanmeimei, '--request');
    const as = (login: string, ...args: string[]) => {
      nowMs += minute;
      return runLab(args, { cwd: project.folder, nowMs, env: { SUDO_USER: login } });
    };
    expect((await as('lin', 'registry', 'approve', '5')).exitCode).toBe(0);
    expect((await as('lin', 'registry', 'reject', '6')).exitCode).toBe(5);
    expect((await as('lin', 'registry', 'reject', '6', '--reason', '座位已满')).exitCode).toBe(0);
    const { rows } = await json('registry', 'history', 'a01');
    expect(rows.at(-1)).toMatchObject({
      kind: 'reject',
      approvedBy: `lin@${hostname()}`,
      cites: 6,
    });
    expect(await kinds('a01')).toEqual(['register', 'request', 'reject']);
  });

  it('are approved together, each against what the one before left', async () => {
    const now = ['--owner', '李雷', '--owner-id', '0120'];
    await json('registry', 'register', 'o1', ...now, '--ip', '10.2.0.50', '--request');
    await json('registry', 'transfer', 'a01', ...hanmeimei, '--request');
    await json('registry', 'register', 'o2', ...hanmeimei, '--ip', '10.2.0.50', '--request');
    const signed = ['--approved-by', '李校长', '-o', 'json'];
    const ran = await lab('registry', 'approve', '5', '6', '7', ...signed);
    expect(ran).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('10.2.0.50') });
    const { rows } = JSON.parse(ran.stdout);
    expect(rows.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['approve', 'register'],
      ...['approve', 'transfer'],
    ]);
    expect(text()).toContain('ip: 10.2.0.50');
    expect((await json('registry', 'pending')).requests).toMatchObject([{ id: '7' }]);
  });

  it('that have become impossible are refused when they are approved, and stay', async () => {
    await json(
      'registry',
      'register',
      'o1',
      '--owner',
      '李雷',
      '--owner-id',
      '0120',
      '--ip',
      '10.2.0.50',
      '--request',
    );
    await json('registry', 'register', 'o2', ...hanmeimei, '--ip', '10.2.0.50');
    const ran = await lab('registry', 'approve', '5', '--approved-by', '李校长');
    expect(ran).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('o2 (韩梅梅 (0121)'),
    });
    expect((await json('registry', 'pending')).requests).toHaveLength(1);
  });
});

describe('corrections and confirmations', () => {
  it('correct what holds now in the inventory too, and what held once only in the ledger', async () => {
    await lab('registry', 'pending');
    await json('registry', 'transfer', 'o1', ...hanmeimei);
    await json('registry', 'correct', '5', '--owner', '韩梅', '--reason', '姓名写错');
    expect(text()).toContain('name: 韩梅\n');
    await json('registry', 'correct', '3', '--owner', '李磊', '--reason', '姓名写错');
    expect(text()).not.toContain('李磊');
    expect(await kinds('o1')).toEqual(['register', 'transfer', 'correct', 'correct']);
    const then = await json(
      'registry',
      'who',
      '10.2.0.11',
      '--at',
      new Date(day + 1.5 * minute).toISOString(),
    );
    expect(then.holders).toMatchObject([
      { owner: { name: '李磊' }, rows: [{ seq: 3 }, { seq: 7 }] },
    ]);
    expect((await lab('registry', 'correct', '99', '--owner', 'x', '--reason', 'y')).exitCode).toBe(
      5,
    );
    expect(await lab('registry', 'verify')).toMatchObject({ exitCode: 0 });
  });

  it('file that owners were asked', async () => {
    const { rows } = await json('registry', 'confirm', 'lab_a', '--reason', '2026年度');
    expect(rows.map(({ kind, host }: { kind: string; host: string }) => [kind, host])).toEqual([
      ['confirm', 'a01'],
      ['confirm', 'a02'],
    ]);
    expect((await json('registry', 'confirm', 'all', '--owner-id', '0120')).rows).toHaveLength(1);
    expect((await lab('registry', 'confirm', 'all', '--owner-id', '9')).exitCode).toBe(5);
  });
});

describe('lab registry verify and purge', () => {
  function tamper(sql: string): void {
    const raw = new DatabaseSync(join(project.state, 'lab.sqlite'));
    raw.exec(
      'DROP TRIGGER IF EXISTS ledger_keeps_content; DROP TRIGGER IF EXISTS ledger_keeps_rows',
    );
    raw.exec(sql);
    raw.close();
  }

  it('names the altered row with exit code 2', async () => {
    await lab('registry', 'pending');
    tamper("UPDATE ledger SET content = replace(content, '李雷', '李蕾') WHERE seq = 3");
    const ran = await lab('registry', 'verify', '-o', 'json');
    expect(ran.exitCode).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'lab.verify/1',
      intact: false,
      alteration: { seq: 3, what: 'content' },
    });
  });

  it('writes nothing behind an end that was cut off', async () => {
    await json('registry', 'transfer', 'o1', ...hanmeimei);
    tamper('DELETE FROM ledger WHERE seq = 5');
    expect((await lab('registry', 'verify')).stdout).toContain('row 5');
    expect((await lab('registry', 'transfer', 'a01', ...hanmeimei)).exitCode).toBe(6);
    expect((await lab('registry', 'who', '10.1.1.1')).exitCode).toBe(6);
  });

  it('takes old names out for good and answers for every moment since', async () => {
    await json('registry', 'transfer', 'o1', ...hanmeimei);
    nowMs += 300 * 24 * 60 * minute;
    expect((await lab('registry', 'purge', '--before', '2027-09-01')).exitCode).toBe(6);
    const early = await lab('registry', 'purge', '--before', '2027-06-01');
    expect(early).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('184') });
    expect(await lab('registry', 'verify')).toMatchObject({ exitCode: 0 });
    expect(await json('registry', 'who', '10.2.0.11', '--at', '2027-06-02')).toMatchObject({
      answer: 'one',
      knownFrom: new Date(2027, 5, 1).toISOString(),
      holders: [{ owner: { name: '韩梅梅' }, from: new Date(day + minute).toISOString() }],
    });
    expect(await json('registry', 'who', '10.2.0.11', '--at', '2026-12-01')).toMatchObject({
      answer: 'unknown',
      reason: 'purged',
    });
    expect(readFileSync(join(project.state, 'lab.sqlite')).includes('李雷')).toBe(false);
    expect(await kinds('o1')).toEqual(['purge']);
    expect((await lab('registry', 'pending')).stderr).toBe('');
  });
});

describe('lab inventory set beside a ledger', () => {
  it('files what it changes of a registration as a row, and nothing where it changes none', async () => {
    await lab('registry', 'pending');
    expect(await lab('inventory', 'set', 'a01', 'ip=10.1.1.9')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await lab('inventory', 'set', 'a01', 'asset=77')).toMatchObject({ exitCode: 0 });
    const { rows } = await json('registry', 'history', 'a01');
    expect(rows).toMatchObject([
      { kind: 'register' },
      {
        kind: 'edit',
        before: { ip: '10.1.1.1' },
        after: { ip: '10.1.1.9' },
        reason: 'lab inventory set',
      },
    ]);
    expect(rows).toHaveLength(2);
  });

  it('begins no ledger where none is kept', async () => {
    await lab('inventory', 'set', 'a01', 'ip=10.1.1.9');
    expect(() => statSync(project.state)).toThrow('ENOENT');
  });
});
