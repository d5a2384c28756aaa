import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadEntries } from '../../src/cli/catalog.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import { reachReasons, Unreachable } from '../../src/model/connection.ts';
import { brokenConnect, scriptedConnect, silentConnect } from '../helpers/fake-connections.ts';
import { makeHost, makeHosts } from '../helpers/make-host.ts';
import { runChecks, tellingCheck } from '../helpers/run-checks.ts';
import { shellConnect } from '../helpers/shell-connect.ts';

const catalog = await loadEntries<AnyCheck>(
  join(import.meta.dirname, '..', '..', 'src'),
  'catalog/checks',
);
const folder = mkdtempSync(join(tmpdir(), 'labkit-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with programs of our own, to be put before the real ones. */
function programs(name: string, scripts: Record<string, string>): string {
  const own = mkdtempSync(join(folder, `${name}-`));
  for (const [program, script] of Object.entries(scripts)) {
    writeFileSync(join(own, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(own, program), 0o755);
  }
  return `${own}:${process.env['PATH']}`;
}

describe('the probes of a host', () => {
  it('travel in one round trip, whatever the suite, and each gives a verdict', async () => {
    const { connect, asked } = shellConnect();
    const { results, bugs } = await runChecks(makeHosts(2), catalog, connect);
    expect(asked.map(({ host }) => host).sort()).toEqual(['pc1', 'pc2']);
    expect(results.size).toBe(2 * catalog.length);
    for (const [name, { judgement }] of results) expect(judgement, name).toBeDefined();
    expect(results.get('pc1 reach')?.judgement?.verdict).toBe('pass');
    expect(results.get('pc1 clock')?.judgement?.verdict).toBe('pass');
    expect(bugs).toEqual([]);
  });

  it.each(['dash', 'bash'])(
    'keep their output, their complaints and their exit codes apart in %s',
    async (shell) => {
      const checks = [
        tellingCheck('one', 'echo out; echo err >&2; exit 3'),
        tellingCheck('none', ':'),
        tellingCheck('lines', "printf 'a\\n\\nb'"),
        tellingCheck('quotes', `echo "it's" '"$HOME"'; printf '%s' 'a\\b'`),
        tellingCheck('eats-stdin', 'cat'),
        tellingCheck('leaves', 'exit 0; echo never'),
        tellingCheck('waits', 'sleep 0.1; echo late; echo bad >&2; exit 4', { turn: 'beside' }),
        tellingCheck('timed', 'echo now', { turn: 'first' }),
      ];
      const { results } = await runChecks(makeHosts(1), checks, shellConnect({ shell }).connect);
      const found = Object.fromEntries(
        [...results].map(([name, { judgement }]) => [name.slice(4), judgement?.found]),
      );
      expect(found).toEqual({
        one: 'out|err|3',
        none: '||0',
        lines: 'a\n\nb||0',
        quotes: 'it\'s "$HOME"\na\\b||0',
        'eats-stdin': '||0',
        leaves: '||0',
        waits: 'late|bad|4',
        timed: 'now||0',
      });
    },
  );

  it('are stopped by the host itself when one hangs; the ones before and after it still count', async () => {
    const checks = [
      tellingCheck('before', 'echo before', { limitSeconds: 1 }),
      tellingCheck('hangs', 'echo begun; sleep 60', { limitSeconds: 1 }),
      tellingCheck('after', 'echo after', { limitSeconds: 1 }),
      tellingCheck('beside', 'sleep 60', { limitSeconds: 1, turn: 'beside' }),
    ];
    const { results } = await runChecks(makeHosts(1), checks, shellConnect().connect);
    expect(results.get('pc1 before')?.judgement?.found).toBe('before||0');
    expect(results.get('pc1 after')?.judgement?.found).toBe('after||0');
    for (const name of ['hangs', 'beside']) {
      const judgement = results.get(`pc1 ${name}`)?.judgement;
      expect(judgement).toMatchObject({
        verdict: 'unknown',
        found: 'stopped: no answer within 1 s',
      });
    }
  });

  it('are given up after three that hang, and the rest say so', async () => {
    const hang = (name: string) => tellingCheck(name, 'sleep 60', { limitSeconds: 1 });
    const checks = [
      hang('a'),
      hang('b'),
      hang('c'),
      tellingCheck('d', 'echo d', { limitSeconds: 1 }),
    ];
    const { results } = await runChecks(makeHosts(1), checks, shellConnect().connect);
    expect(results.get('pc1 c')?.judgement?.found).toContain('stopped');
    expect(results.get('pc1 d')?.judgement).toMatchObject({
      verdict: 'unknown',
      found: 'not asked: earlier probes used up the time',
    });
  });

  it('run on a host without the program timeout', async () => {
    const [own = ''] = programs('bare', { sh: 'exec /bin/sh "$@"' }).split(':');
    const { connect } = shellConnect({ shell: '/bin/sh', env: { PATH: own } });
    const checks = [tellingCheck('one', 'command -v timeout || echo out')];
    const { results } = await runChecks(makeHosts(1), checks, connect);
    expect(results.get('pc1 one')?.judgement?.found).toBe('out||0');
  });

  it('keep Chinese text of either encoding', async () => {
    const checks = [
      tellingCheck('gb18030', "printf '\\326\\320\\316\\304'"),
      tellingCheck('utf-8', "printf '\\344\\270\\255\\346\\226\\207'"),
    ];
    const { results } = await runChecks(makeHosts(1), checks, shellConnect().connect);
    for (const name of ['gb18030', 'utf-8'])
      expect(results.get(`pc1 ${name}`)?.judgement?.found).toBe('中文||0');
  });
});

describe('probes that want root', () => {
  const checks = [
    tellingCheck('plain', 'echo $AS'),
    tellingCheck('rooted', 'echo $AS; echo problem >&2', { wantsRoot: true }),
    tellingCheck('doubtful', 'echo denied >&2', {
      wantsRoot: true,
      judge: () => ({ verdict: 'unknown', found: 'permission denied' }),
    }),
  ];
  const login = { id: 'echo 1000' };

  it('get it by one call of sudo that needs no password, and the others do not', async () => {
    const log = join(folder, 'sudo.log');
    const sudo = `echo "$*" >> ${log}; [ "$1" = -n ] || exit 9; shift; AS=root exec "$@"`;
    const { connect, asked } = shellConnect({
      env: { PATH: programs('sudo', { ...login, sudo }), AS: 'user' },
    });
    const { results } = await runChecks(makeHosts(1), checks, connect);
    expect(asked.length).toBe(1);
    const calls = readFileSync(log, 'utf8');
    expect(calls.match(/^-n sh -c/gm)?.length).toBe(1);
    expect(calls, 'sudo logs its arguments').not.toContain('problem');
    expect(results.get('pc1 plain')?.judgement?.found).toBe('user||0');
    expect(results.get('pc1 rooted')?.judgement?.found).toBe('root|problem|0');
    expect(results.get('pc1 doubtful')?.judgement?.hint).toBeUndefined();
  });

  it('run as the login user where sudo wants a password, and say so when they cannot tell', async () => {
    const sudo = 'cat > /dev/null; echo "sudo: a password is required" >&2; exit 1';
    const { connect } = shellConnect({
      env: { PATH: programs('no-sudo', { ...login, sudo }), AS: 'user' },
    });
    const { results } = await runChecks(makeHosts(1), checks, connect);
    expect(results.get('pc1 rooted')?.judgement?.found).toBe('user|problem|0');
    expect(results.get('pc1 doubtful')?.judgement?.hint).toContain('ran without root');
  });

  it('have no need of sudo when the login is root', async () => {
    const sudo = 'exit 1';
    const { connect } = shellConnect({
      env: { PATH: programs('root', { id: 'echo 0', sudo }), AS: 'root' },
    });
    const { results } = await runChecks(makeHosts(1), checks, connect);
    expect(results.get('pc1 rooted')?.judgement?.found).toBe('root|problem|0');
    expect(results.get('pc1 doubtful')?.judgement?.hint).toBeUndefined();
  });

  it('go with all others through become where the host asks for it: still one round trip', async () => {
    const host = makeHost('pc1');
    const become = { ...host, connection: { ...host.connection, become: true } };
    const { connect, asked } = shellConnect({ env: { AS: 'root' } });
    const { results } = await runChecks([become], checks, connect);
    expect(asked.map(({ options }) => options.becomeUser)).toEqual(['root']);
    expect(asked[0]?.command.script).not.toContain('sudo');
    expect(results.get('pc1 plain')?.judgement?.found).toBe('root||0');
    expect(results.get('pc1 rooted')?.judgement?.found).toBe('root|problem|0');
  });
});

describe('a host that cannot be reached', () => {
  it.each(reachReasons)(
    'is judged by "reach" and unknown to all other checks (%s)',
    async (reason) => {
      const { results } = await runChecks(
        makeHosts(1),
        catalog,
        brokenConnect(new Unreachable(reason, 'why', 'what to do')),
      );
      expect(results.size).toBe(catalog.length);
      const broken = [
        'refused',
        'reset',
        'banner-timeout',
        'auth-failed',
        'host-key-changed',
      ].includes(reason);
      for (const [name, { outcome, judgement, data, reason: said }] of results) {
        expect({ outcome, data, said }).toEqual({
          outcome: 'unreachable',
          data: { reason },
          said: reason,
        });
        if (name === 'pc1 reach') expect(judgement?.verdict).toBe(broken ? 'fail' : 'unknown');
        else expect(judgement).toEqual({ verdict: 'unknown', found: `not reached (${reason})` });
      }
    },
  );

  it('is judged the same when the session is lost while the probes run', async () => {
    const { connect } = scriptedConnect(() => {
      throw new Unreachable('reset', 'hung up');
    });
    const { results } = await runChecks(makeHosts(1), catalog, connect);
    expect(results.get('pc1 reach')?.judgement?.verdict).toBe('fail');
    expect(results.get('pc1 uptime')?.judgement).toEqual({
      verdict: 'unknown',
      found: 'not reached (reset)',
    });
  });

  it('gets all its verdicts when its time runs out', async () => {
    const { results } = await runChecks(makeHosts(1), catalog, silentConnect, { deadlineMs: 100 });
    expect(results.size).toBe(catalog.length);
    for (const [name, { judgement }] of results) expect(judgement?.verdict, name).toBe('unknown');
    expect(results.get('pc1 uptime')?.judgement?.found).toBe('not reached (deadline)');
  });

  it('is no reason to skip a bug: other errors are not swallowed', async () => {
    const { connect } = scriptedConnect(() => {
      throw new TypeError('a bug');
    });
    const { bugs } = await runChecks(makeHosts(1), [tellingCheck('one', ':')], connect);
    expect(bugs.length).toBeGreaterThan(0);
  });
});

describe('an answer that cannot be trusted', () => {
  const probing = catalog.filter((check) => check.probe.linux);

  it('is unknown when it was cut off', async () => {
    const { connect } = scriptedConnect(() => ({
      stdout: '\nmark0123456789 b 0\n5400.12 1080.00\n',
      droppedBytes: 1,
    }));
    const { results } = await runChecks(makeHosts(1), probing, connect);
    for (const { judgement } of results.values())
      expect(judgement).toEqual({
        verdict: 'unknown',
        found: 'the answer was too long and was cut off',
      });
  });

  it('is unknown when no probe ran, and tells what the host said', async () => {
    const { connect } = scriptedConnect(() => ({
      stderr: 'This account is currently not available.\n',
      exitCode: 1,
    }));
    const { results } = await runChecks(makeHosts(1), probing, connect);
    for (const { judgement } of results.values())
      expect(judgement).toEqual({
        verdict: 'unknown',
        found:
          'the PC did not run the probes (exit code 1): This account is currently not available.',
      });
  });

  it('does not pass with marks of another run', async () => {
    const { connect } = scriptedConnect(() => ({
      stdout: '\nmarkof-another b 0\nok\nmarkof-another e 0 0\n',
    }));
    const { results } = await runChecks(makeHosts(1), [tellingCheck('one', ':')], connect);
    expect(results.get('pc1 one')?.judgement?.verdict).toBe('unknown');
  });

  it('does not let one probe speak for another: what a program prints is not a mark', async () => {
    const forged =
      "printf '\\n%s e 0 0\\n%s b 1\\nforged\\n' mark-guess mark-guess; printf 'M b 1\\nforged\\n'";
    const { results } = await runChecks(
      makeHosts(1),
      [tellingCheck('liar', forged), tellingCheck('honest', 'echo true')],
      shellConnect().connect,
    );
    expect(results.get('pc1 honest')?.judgement?.found).toBe('true||0');
  });

  it('never passes as a heap of random bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc
        .array(
          fc.tuple(fc.constantFrom('b', 'e', 't', 'u', ''), fc.nat({ max: 40 }), fc.string()),
          { maxLength: 30 },
        )
        .map((parts) =>
          Buffer.from(
            parts.map(([word, id, text]) => `\nmark0123456789 ${word} ${id} 0\n${text}`).join(''),
          ),
        ),
    );
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (stdout, stderr) => {
        const { connect } = scriptedConnect(() => ({ stdout, stderr }));
        const { results, bugs } = await runChecks(makeHosts(1), probing, connect);
        expect(bugs).toEqual([]);
        expect(
          [...results.values()].filter(({ judgement }) => judgement?.verdict === 'pass'),
        ).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('cannot fill the store: what is told of it is short', async () => {
    const { results } = await runChecks(
      makeHosts(1),
      [tellingCheck('loud', 'head -c 100000 /dev/zero | tr "\\0" x')],
      shellConnect().connect,
    );
    const judgement = results.get('pc1 loud')?.judgement;
    expect(judgement?.found.length).toBe(400);
    expect(judgement?.key?.length).toBe(2000);
  });
});

it('a host that runs Windows skips checks that have no probe for it', async () => {
  const connection = { ...makeHost('w1').connection, kind: 'winrm' as const };
  const { results } = await runChecks(
    [makeHost('w1', { connection })],
    [tellingCheck('one', ':')],
    shellConnect().connect,
  );
  expect(results.get('w1 one')?.judgement).toMatchObject({
    verdict: 'skip',
    found: 'there is no such check for windows yet',
  });
});
