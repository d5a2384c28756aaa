import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, sh } from '../../src/model/command.ts';
import type { Connection } from '../../src/model/connection.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { hostAt, hostOf, never, settingsIn, textOf } from './rig.ts';
import { childrenOf, kill, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const ways = ['ssh2', 'openssh', 'local'] as const;

async function open(way: (typeof ways)[number], more = {}) {
  const made = createConnect(settingsIn(sshd.folder, { backend: way, ...more }));
  return { ...made, connection: await made.connect(hostAt(sshd), never) };
}

describe.each(ways)('a command run by %s', (way) => {
  let connection: Connection;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ connection, close } = await open(way));
  });
  afterAll(() => close());

  it('leaves its output, its errors and its exit code', async () => {
    const result = await connection.exec(sh`echo out; echo err >&2; exit 3`);
    expect(textOf(result.stdout)).toBe('out\n');
    expect(textOf(result.stderr)).toBe('err\n');
    expect(result).toMatchObject({ exitCode: 3, signal: null, droppedBytes: 0 });
  });

  it('may end with 255 without the session counting as lost', async () => {
    expect((await connection.exec(sh`exit 255`)).exitCode).toBe(255);
    expect((await connection.exec(sh`exit 0`)).exitCode).toBe(0);
  });

  it('gives bytes back as they came: NUL, escapes, GB18030', async () => {
    const result = await connection.exec(sh`printf '\000\033[2J\265\347\304\324\377'`);
    expect([...result.stdout]).toEqual([0, 27, 91, 50, 74, 0xb5, 0xe7, 0xc4, 0xd4, 255]);
  });

  it('reads the bytes it is given and nothing else', async () => {
    const stdin = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const result = await connection.exec(sh`cat`, { stdin });
    expect(Buffer.from(result.stdout).equals(Buffer.from(stdin))).toBe(true);
    expect((await connection.exec(sh`cat`)).stdout).toHaveLength(0);
  });

  it('keeps the beginning of what is too much and counts the rest', async () => {
    const result = await connection.exec(sh`head -c 5000000 /dev/zero; echo end >&2`, {
      maxOutputBytes: 1000,
    });
    expect(result.stdout).toHaveLength(1000);
    expect(result.droppedBytes).toBe(4_999_000);
    expect(textOf(result.stderr)).toBe('end\n');
  });

  it('ends at once when it is aborted, and the session goes on', async () => {
    const stop = new AbortController();
    const running = connection.exec(sh`echo begun; sleep 60`, {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ reason: 'deadline' });
    expect((await connection.exec(sh`echo on`)).exitCode).toBe(0);
  });

  it('takes scripts of any length, with or without input', async () => {
    const filler = `: ${'x'.repeat(200)}\n`.repeat(1500);
    const script = `${filler}printf '%s' "it's \\\\ !"; cat`;
    const command: Command = { shell: 'sh', script, shown: script };
    expect(textOf((await connection.exec(command)).stdout)).toBe("it's \\ !");
    const given = await connection.exec(command, { stdin: Buffer.from('\nand more\n') });
    expect(textOf(given.stdout)).toBe("it's \\ !\nand more\n");
  });

  it('never shows a secret of its script in the list of processes', async () => {
    const secret = `S3cr3t-${Math.floor(performance.now())}`;
    const running = connection.exec(sh`sleep 0.3; echo ${{ secret }}`);
    const seen = await watchProcesses(secret, running);
    expect(textOf((await running).stdout)).toBe(`${secret}\n`);
    expect(seen).toEqual([]);
  });

  it('runs more at once than the host allows, one after the other', async () => {
    const all = await Promise.all(
      Array.from({ length: 25 }, (_, index) => connection.exec(sh`sleep 0.1; echo ${index}`)),
    );
    expect(all.map(({ stdout }) => textOf(stdout))).toEqual(all.map((_, index) => `${index}\n`));
  });

  it('receives any text as exactly one word', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 60 })
      .filter((each) => !each.includes('\0'));
    const nasty = fc.string({ unit: fc.constantFrom(...`'"\\!$\`\n\r\t -;&|(){}[]*?~#%=<>^é网`) });
    const words = fc.sample(fc.oneof(text, nasty), { numRuns: 2000, seed: 7 });
    const valid = words.filter((word) => word.isWellFormed());
    const { stdout } = await connection.exec(sh`printf '%s\0' ${valid}`);
    expect(textOf(stdout).split('\0').slice(0, -1)).toEqual(valid);
    expect(valid.length).toBeGreaterThan(1000);
  });
});

function killAll(server: Sshd, signal: NodeJS.Signals): void {
  for (const pid of childrenOf(server.pid)) kill(pid, signal);
}

async function watchProcesses(secret: string, running: Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let over = false;
  void running.finally(() => {
    over = true;
  });
  const { readdirSync } = await import('node:fs');
  while (!over) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      for (const part of ['cmdline', 'environ'])
        try {
          if (readFileSync(`/proc/${pid}/${part}`).includes(secret)) seen.push(`${pid} ${part}`);
        } catch {
          // it has ended meanwhile
        }
    await wait(5);
  }
  return seen;
}

describe('a session over ssh2', () => {
  it('says which signal ended a command', async () => {
    const { connection, close } = await open('ssh2');
    expect(await connection.exec(sh`kill -KILL $$`)).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
    });
    await close();
  });

  it('does not wait for what a command left in the background', async () => {
    const { connection, close } = await open('ssh2');
    const result = await connection.exec(sh`sleep 300 & echo done`);
    expect(textOf(result.stdout)).toBe('done\n');
    expect(result.exitCode).toBe(0);
    await close();
  });

  it('survives a gigabyte of output in bounded memory', async () => {
    const { connection, close } = await open('ssh2');
    const before = process.memoryUsage().rss;
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 50);
    const result = await connection.exec(sh`head -c 1073741824 /dev/zero`);
    clearInterval(look);
    expect(result.droppedBytes + result.stdout.length).toBe(1073741824);
    expect(result.stdout.length).toBe(8 * 1024 * 1024);
    expect(most - before).toBeLessThan(150 * 1024 * 1024);
    await close();
  }, 120_000);
});

describe.each(['ssh2', 'openssh'] as const)('a session by %s that is lost', (way) => {
  it('is a reset when the server process is killed', async () => {
    const own = await startSshd();
    const { connect, close } = createConnect(settingsIn(own.folder, { backend: way }));
    const connection = await connect(hostAt(own), never);
    const running = connection.exec(sh`echo begun; sleep 60`, {
      onOutput: () => killAll(own, 'SIGKILL'),
    });
    await expect(running).rejects.toMatchObject({ name: 'Unreachable', reason: 'reset' });
    await expect(connection.exec(sh`true`)).rejects.toMatchObject({ reason: 'reset' });
    await close();
    await own.stop();
  });

  it('is a timeout when the server is frozen', async () => {
    const own = await startSshd();
    const { connect, close } = createConnect(
      settingsIn(own.folder, { backend: way, keepaliveMs: way === 'ssh2' ? 100 : 1000 }),
    );
    const connection = await connect(hostAt(own), never);
    const running = connection.exec(sh`echo begun; sleep 60`, {
      onOutput: () => killAll(own, 'SIGSTOP'),
    });
    await expect(running).rejects.toMatchObject({ name: 'Unreachable', reason: 'timeout' });
    await close();
    await own.stop();
  });

  it('is given up when nothing comes for longer than allowed', async () => {
    const { connection, close } = await open(way);
    const running = connection.exec(sh`echo a; sleep 60`, { idleTimeoutMs: 300 });
    await expect(running).rejects.toMatchObject({ reason: 'timeout' });
    await close();
  });
});

describe('MaxSessions', () => {
  it('smaller than usual is learnt from the refusal', async () => {
    const own = await startSshd({ config: 'MaxSessions 2' });
    const { connect, close } = createConnect(settingsIn(own.folder));
    const connection = await connect(hostAt(own), never);
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) => connection.exec(sh`sleep 0.05; echo ${index}`)),
    );
    expect(all.map(({ exitCode }) => exitCode)).toEqual(all.map(() => 0));
    await close();
    await own.stop();
  });
});

describe('many sessions', () => {
  it('open at once, to names of one server, each under its own alias', async () => {
    const settings = settingsIn(sshd.folder);
    const { connect, close } = createConnect(settings);
    const results = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const connection = await connect(hostAt(sshd, `many${index}`), never);
        return connection.exec(sh`echo ${index}`);
      }),
    );
    expect(results.map(({ stdout }) => textOf(stdout))).toEqual(results.map((_, i) => `${i}\n`));
    await close();
    const lines = readFileSync(settings.knownHostsFile, 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith('many'))).toHaveLength(64);
  });

  it('end with the close of all of them', async () => {
    const { connect, close } = createConnect(settingsIn(sshd.folder));
    const connection = await connect(hostAt(sshd), never);
    await close();
    await expect(connection.exec(sh`true`)).rejects.toMatchObject({ reason: 'reset' });
  });
});

describe('a local connection', () => {
  it('runs on this machine', async () => {
    const { connect, close } = createConnect(settingsIn(sshd.folder));
    const connection = await connect(hostOf('here', { kind: 'local' }), never);
    const { stdout } = await connection.exec(sh`echo $PPID`);
    expect(Number(textOf(stdout))).toBe(process.pid);
    await close();
  });
});
