import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import command from '../../src/catalog/modules/command.ts';
import { sh } from '../../src/model/command.ts';
import {
  type AnyProbe,
  ask,
  defineModule,
  done,
  type HostModule,
  type PathState,
  probeGroup,
  probePath,
  probeScript,
  probeUser,
  type Ran,
  type ScriptAction,
} from '../../src/model/module.ts';
import { openModuleRig } from '../helpers/run-module.ts';
import {
  describeInRoots,
  openThrowawayRoot,
  type ThrowawayRoot,
} from '../helpers/throwaway-root.ts';

/** A module that only looks, and hands out what it found. */
function looking(
  probes: { [name: string]: AnyProbe },
  found: (answers: never) => void,
): HostModule {
  return defineModule({
    name: 'looking',
    collection: 'ansible.builtin',
    summary: 'Looks.',
    args: {},
    isLocal: true,
    inspect: () =>
      ask(probes, (answers) => {
        found(answers as never);
        return done({ changed: false });
      }),
  }) as HostModule;
}

const setUp = `
mkdir -p /srv/t && cd /srv/t && umask 022
printf 'hello\\n' >file; chmod 4751 file; chown tech:labadmin file
printf 'a\\0b\\377' >binary; : >empty; ln empty other
mkdir -m 1777 folder; ln -s folder link; ln -s nowhere broken; mkfifo pipe
touch 'name with  spaces' 'quote'"'"'s' ./-dash '*' 'back\\slash'
touch "line
end" "line
end
"
ln -s "line
end
" oddlink
touch -d '2020-02-03 04:05:06' file
chown 4242:4343 folder
mkdir locked; touch locked/in; chmod 700 locked`;

const names = [
  ...['file', 'binary', 'empty', 'folder', 'link', 'broken', 'pipe', 'name with  spaces'],
  ...["quote's", '-dash', '*', 'back\\slash', 'line\nend', 'line\nend\n', 'oddlink', 'nothing'],
];

/** What the system itself says, by Python. */
const truth = `
import os, json, stat, pwd, grp, hashlib
def name(f, n):
    try: return f(n)[0]
    except KeyError: return ''
out = []
for p in json.loads(${JSON.stringify('NAMES')}):
    p = '/srv/t/' + p
    try: s = os.lstat(p)
    except OSError: out.append(None); continue
    regular = stat.S_ISREG(s.st_mode)
    out.append(dict(mode=stat.S_IMODE(s.st_mode), uid=s.st_uid, gid=s.st_gid, size=s.st_size, inode=s.st_ino, links=s.st_nlink,
      mtime=s.st_mtime, owner=name(pwd.getpwuid, s.st_uid), group=name(grp.getgrgid, s.st_gid),
      target=os.readlink(p) if stat.S_ISLNK(s.st_mode) else '', realPath=os.path.realpath(p) if stat.S_ISLNK(s.st_mode) and os.path.exists(p) else '',
      checksum=hashlib.sha1(open(p,'rb').read()).hexdigest() if regular else '', content=list(open(p,'rb').read()) if regular else None))
print(json.dumps(out))`;

/** Texts of any characters but NUL, many of them special to a shell. */
const texts = fc.sample(
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...`'"\\$\`!\n\r\t *?~#;&|<>(){}[]=-%`),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 24,
    })
    .map((text) => text.replaceAll('\0', '').toWellFormed()),
  { numRuns: 34_100, seed: 7 },
);

describeInRoots.each(['dash', 'bash', 'busybox'] as const)('probes in %s', (shell) => {
  let root: ThrowawayRoot;
  beforeAll(async () => {
    root = await openThrowawayRoot({ sh: shell });
    expect(root.run(setUp)).toEqual({ exitCode: 0, output: '' });
  });
  afterAll(() => root.close());

  async function look(probes: { [name: string]: AnyProbe }): Promise<Record<string, unknown>> {
    let answers: Record<string, unknown> = {};
    const rig = openModuleRig(() => root.connect());
    const result = await rig.run({
      module: looking(probes, (found) => {
        answers = found;
      }),
      args: {},
    });
    await rig.close();
    expect(result.msg).toBeUndefined();
    return answers;
  }

  it('tell of paths of every kind and name what the system says', async () => {
    const probes = Object.fromEntries(
      names.map((name) => [
        name,
        probePath(`/srv/t/${name}`, {
          checksum: 'sha1',
          contentUpTo: 100,
        }),
      ]),
    );
    const answers = await look(probes);
    const script = truth.replace(
      'NAMES',
      JSON.stringify(names).replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
    );
    const said = root.run(`PATH=/usr/bin; python3 - <<'EOF'\n${script}\nEOF`);
    const expected: ({ content: number[] | null; mtime: number } | null)[] = JSON.parse(
      said.output,
    );
    for (const [index, name] of names.entries()) {
      const state = answers[name] as PathState;
      const wanted = expected[index];
      if (!wanted) {
        expect(state.kind, name).toBe('absent');
        continue;
      }
      const { content, mtime, ...rest } = wanted;
      expect(state, name).toMatchObject({ path: `/srv/t/${name}`, ...rest });
      expect(Math.abs(state.mtime - mtime), name).toBeLessThan(shell === 'busybox' ? 1 : 1e-5);
      expect(state.content && [...state.content], name).toEqual(content ?? undefined);
    }
    const kinds = names.map((name) => (answers[name] as PathState).kind);
    expect(kinds.slice(0, 7)).toEqual([
      'file',
      'file',
      'hard',
      'directory',
      'link',
      'link',
      'fifo',
    ]);
  });

  it('look through links when told so, and keep to the size that may be read', async () => {
    const found = await look({
      through: probePath('/srv/t/link', { follow: true }),
      broken: probePath('/srv/t/broken', { follow: true }),
      small: probePath('/srv/t/file', { contentUpTo: 5 }),
      exact: probePath('/srv/t/file', { contentUpTo: 6, checksum: 'md5' }),
      other: probePath('/srv/t/file', { checksum: 'sha256' }),
    });
    expect(found).toMatchObject({
      through: { kind: 'directory', uid: 4242, owner: '', group: '' },
      broken: { kind: 'absent' },
      exact: { checksum: 'b1946ac92492d2347c6235b4d2611184' },
      other: { checksum: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03' },
    });
    expect(Object.hasOwn(found['small'] ?? {}, 'content')).toBe(false);
    expect(Buffer.from((found['exact'] as PathState).content ?? []).toString()).toBe('hello\n');
  });

  it('work out homes and variables as Ansible’s paths do', async () => {
    const found = await look({
      home: probePath('~/x y'),
      tech: probePath('~tech/x y'),
      nobody: probePath('~no-such-user/x'),
      variable: probePath(`$HOME/\${LOGNAME}$nosuch/a'b"c`),
      relative: probePath('sub/file'),
    });
    const path = (name: string) => (found[name] as PathState).path;
    expect([path('home'), path('tech')]).toEqual(['/root/x y', '/home/tech/x y']);
    expect(path('nobody')).toBe('/root/~no-such-user/x');
    expect(path('variable')).toBe('/root/root$nosuch/a\'b"c');
    expect(path('relative')).toBe('/root/sub/file');
  });

  it('know users and groups, and that there are none of a name', async () => {
    const found = await look({
      tech: probeUser('tech'),
      none: probeUser('ghost'),
      number: probeUser('1000'),
      sudo: probeGroup('sudo'),
      noGroup: probeGroup('gho.t'),
    });
    expect(found).toEqual({
      tech: {
        ...{ name: 'tech', uid: 1000, gid: 1000, group: 'tech', comment: '', home: '/home/tech' },
        ...{ shell: '/bin/bash', groups: ['sudo'] },
      },
      none: undefined,
      number: undefined,
      sudo: { name: 'sudo', gid: 27, members: ['tech'] },
      noGroup: undefined,
    });
  });

  it('keep scripts apart: what one does to its shell is not seen by the next', async () => {
    const found = await look({
      one: probeScript(sh`cd /; x=1; exec 2>/dev/null; echo a; exit 7`),
      two: probeScript(sh`echo "$x$PWD"; cat; echo b >&2`),
      bad: probeScript({ shell: 'sh', script: 'if ((', shown: '' }),
      three: probeScript(sh`printf 'no line end'; set -e; false; echo never`),
    });
    expect(found).toMatchObject({
      one: { exitCode: 7, stdout: 'a\n', stderr: '' },
      two: { exitCode: 0, stdout: '/root\n', stderr: 'b\n' },
      bad: { stdout: '' },
      three: { exitCode: 1, stdout: 'no line end', stderr: '' },
    });
    expect((found['bad'] as Ran).exitCode).not.toBe(0);
  });

  it('bring 34,000 random texts there and back byte for byte', async () => {
    const rig = openModuleRig(() => root.connect());
    const pieces = Array.from({ length: 22 }, (_, at) => texts.slice(at * 1550, at * 1550 + 1550));
    const said: string[][] = [];
    const calls = pieces.map((piece, index) =>
      index % 2 === 0
        ? {
            module: command,
            args: {
              argv: ['printf', '%s\\0', ...piece],
              expand_argument_vars: false,
              strip_empty_ends: false,
            },
          }
        : {
            module: looking(
              { all: probeScript(sh`printf '%s\0' ${piece}`) },
              ({ all }: { all: Ran }) => {
                said[index] = all.stdout.split('\0').slice(0, -1);
              },
            ),
            args: {},
          },
    );
    const results = await rig.runAll(calls);
    await rig.close();
    for (const [index, piece] of pieces.entries()) {
      const stdout = results[index]?.values?.['stdout'];
      const back = index % 2 === 0 ? String(stdout).split('\0').slice(0, -1) : said[index];
      expect(back?.length).toBe(piece.length);
      expect(back?.every((text, at) => text === piece[at])).toBe(true);
    }
  });

  it('keep actions in their time and apart, and give them any input', async () => {
    const left: { ran: readonly Ran[] } = { ran: [] };
    const input = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
    const act = (
      command: ReturnType<typeof sh>,
      more: Partial<ScriptAction> = {},
    ): ScriptAction => ({
      kind: 'script',
      command,
      mayFail: true,
      ...more,
    });
    const module = defineModule({
      name: 'acting',
      collection: 'ansible.builtin',
      summary: 'Acts.',
      args: {},
      isLocal: true,
      inspect: () => ({
        kind: 'act' as const,
        actions: [
          act(sh`echo before; sleep 30; echo after`, { timeoutSeconds: 1 }),
          act(sh`sha1sum; x=1; cd /; exec 2>&1; kill -9 $(exec sh -c 'echo $PPID')`, {
            stdin: input,
          }),
          act(sh`cat; echo "$x$PWD"`, { stdin: Buffer.from("it's\n"), timeoutSeconds: 9 }),
          act(sh`cat; exit 9`, { timeoutSeconds: 9 }),
        ],
        expected: { changed: true },
        read(ran: readonly Ran[]) {
          left.ran = ran;
          return done({ changed: true });
        },
      }),
    }) as HostModule;
    const rig = openModuleRig(() => root.connect());
    const result = await rig.run({ module, args: {} });
    await rig.close();
    expect(result).toEqual({ changed: true });
    const sum = createHash('sha1').update(input).digest('hex');
    expect(left.ran.map(({ exitCode, stdout, stderr }) => [exitCode, stdout, stderr])).toEqual([
      [124, 'before\n', expect.anything()],
      [137, `${sum}  -\n`, ''],
      [0, "it's\n/root\n", ''],
      [9, '', ''],
    ]);
    expect(root.run('ls -A /dev/shm').output).toBe('');
  });
});
