import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChosenProfile, defineProfile } from '../../../src/model/profile.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import { openBootDesk } from '../../../src/netboot/boot-desk.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { openRig } from './boot-rig.ts';

const secret = 'root-hash-$6$do-not-tell';
const mac = '52:54:00:aa:00:07';
const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const host = makeHost('a07', { mac, macs: [{ addr: mac, role: 'wired', primary: true }], uuid });

const profile = defineProfile<Record<string, never>>({
  name: 'debian-12',
  summary: 'for a test',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios'],
  secureBoot: false,
  options: {},
  assets: () => [],
  boot: ({ answersUrl }) => ({
    kernel: 'linux',
    initrds: ['initrd.gz'],
    args: ['auto=true', `url=${answersUrl}/preseed.cfg`],
  }),
  minutes: 10,
  notes: [],
});
const chosen: ChosenProfile = {
  name: 'debian-12',
  profile,
  options: {},
  origin: 'a test',
  playbook: '',
  suite: '',
};

let folder = '';
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-secrecy-'));
  store = await openStore(folder);
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

function openDesk() {
  return openBootDesk({
    store: store.armings,
    now: () => Date.now(),
    randomBytes,
    findHostByMac: async (asked) => (asked === mac ? host : undefined),
    loadHost: async () => host,
    loadProfile: async (order) => ({ chosen, digest: order.profileDigest }),
    neighbourMac: async () => '',
    renderJob: ({ session }) => `job lab.job/1\nsession ${session}\n${secret}\nend\n`,
    renderAnswers: ({ session }) => [
      { name: 'preseed.cfg', text: `${secret} ${session}\n`, contentType: 'text/plain' },
    ],
    checkPin: async () => 'no PIN was made',
    openOrder: () => Promise.reject(new Error('nobody may be armed from the menu here')),
    holdHost: async () => {},
    enroll: async () => 'Noted.',
  });
}

function arm(): void {
  const now = Date.now();
  store.armings.arm(
    openArming({
      id: 'order-1',
      run: 'run-1',
      host: 'a07',
      macs: [mac],
      uuid,
      serial: '',
      profile: 'debian-12',
      profileDigest: 'd'.repeat(64),
      disk: { by: 'only' },
      armedAt: now,
      expiresAt: now + 3_600_000,
    }),
  );
}

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly form?: { readonly [name: string]: string };
  readonly bearer?: string;
  /** The loopback address it comes from. */
  readonly from?: string;
}

/** Status and everything that came back, headers too. */
function ask(port: number, { path, method, form, bearer, from = '127.0.0.1' }: Asked) {
  return new Promise<{ status: number; text: string; body: string }>((done, fail) => {
    const body = form ? new URLSearchParams(form).toString() : undefined;
    const headers = {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const sent = request(
      {
        port,
        path,
        method: method ?? (form ? 'POST' : 'GET'),
        headers,
        localAddress: from,
        agent: false,
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const raw = `${answer.rawHeaders.join('\n')}\n${text}`;
          done({ status: answer.statusCode ?? 0, text: raw, body: text });
        });
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

const question = `/boot/script?mac=${mac}&uuid=${uuid}&platform=pcbios`;
const tokenOf = (script: string): string =>
  /\/boot\/answers\/([\w-]{43})\/preseed\.cfg/.exec(script)?.[1] ?? '';

describe('answers', () => {
  it('go to nobody but the armed host, once: 256 tries get not one byte, and each is noted', async () => {
    const asset = { sha256: 'a'.repeat(64), name: 'linux' };
    await using server = await openRig(openDesk(), {
      findAsset: () => undefined,
      limits: {
        refusals: { burst: 100_000, perSecond: 1 },
        scripts: { burst: 100_000, perSecond: 1 },
      },
      site: {
        sshKeys: [],
        findAsset: (_, name) => ({ ...asset, name }),
        localGrub: undefined,
        localBootOf: () => '',
        menuSeconds: 5,
      },
    });
    arm();
    const old = tokenOf((await ask(server.port, { path: question })).body);
    const token = tokenOf((await ask(server.port, { path: question })).body);
    expect([old.length, token.length, old === token]).toEqual([43, 43, false]);

    const guesses: (Asked & { readonly isScript?: boolean })[] = [];
    const answersAt = (name: string) => `/boot/answers/${name}/preseed.cfg`;
    for (let index = 0; index < 32; index += 1) {
      const guess = randomBytes(32).toString('base64url');
      const other = `52:54:00:aa:01:${index.toString(16).padStart(2, '0')}`;
      const nonce = 'n'.repeat(32);
      guesses.push(
        { path: answersAt(guess) },
        { path: answersAt(old) },
        // The right token, but not from where it was given to.
        { path: answersAt(token), from: '127.0.0.2' },
        { path: '/boot/job', form: { nonce, mac, uuid } },
        { path: '/boot/job', form: { nonce, mac, uuid }, bearer: index % 2 ? guess : old },
        { path: '/boot/job', form: { nonce, mac, uuid }, bearer: token, from: '127.0.0.3' },
        { path: `/boot/script?mac=${other}&uuid=${uuid}`, isScript: true },
        { path: '/boot/image/debian-12/root.tar.zst', bearer: guess },
      );
    }
    expect(guesses).toHaveLength(256);
    for (const guess of guesses) {
      const before = store.armings.loadAlerts().length;
      const got = await ask(server.port, guess);
      expect(got.text, guess.path).not.toContain(secret);
      expect(got.text, guess.path).not.toContain(token);
      expect(got.text, guess.path).not.toMatch(/answers\/|a07|kernel /);
      if (!guess.isScript) expect([403, 410], guess.path).toContain(got.status);
      expect(store.armings.loadAlerts().length, guess.path).toBe(before + 1);
    }

    const right = await ask(server.port, { path: answersAt(token) });
    expect([right.status, right.body.startsWith(secret)]).toEqual([200, true]);
    const used = await ask(server.port, { path: answersAt(token) });
    expect([used.status, used.text.includes(secret)]).toEqual([410, false]);
    const session = right.body.trim().split(' ')[1] ?? '';
    const kept = JSON.stringify([store.armings.list('all'), store.armings.loadAlerts()]);
    for (const known of [secret, token, old, session]) expect(kept).not.toContain(known);
  });

  it('stay with the armed host while another address is refused over and over', async () => {
    await using server = await openRig(openDesk(), {
      site: {
        sshKeys: [],
        findAsset: (_, name) => ({ sha256: 'a'.repeat(64), name }),
        localGrub: undefined,
        localBootOf: () => '',
        menuSeconds: 5,
      },
    });
    arm();
    const token = tokenOf((await ask(server.port, { path: question })).body);
    const statuses = new Map<number, number>();
    for (let index = 0; index < 200; index += 1)
      for (const from of ['127.0.0.1', '127.0.0.2']) {
        const { status } = await ask(server.port, { path: '/boot/answers/wrong/x', from });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    expect([...statuses.keys()].sort()).toEqual([410, 429]);
    // Even where the tries came from the armed host's own address, what is right is never counted.
    const right = await ask(server.port, { path: `/boot/answers/${token}/preseed.cfg` });
    expect(right.status).toBe(200);
  });

  it('come with a script that is rendered anew for each question, 200 of them here', async () => {
    await using server = await openRig(openDesk(), {
      limits: { scripts: { burst: 1000, perSecond: 1 } },
      site: {
        sshKeys: [],
        findAsset: (_, name) => ({ sha256: 'a'.repeat(64), name }),
        localGrub: undefined,
        localBootOf: () => '',
        menuSeconds: 5,
      },
    });
    arm();
    const tokens = new Set<string>();
    const times: number[] = [];
    for (let index = 0; index < 200; index += 1) {
      const start = performance.now();
      tokens.add(tokenOf((await ask(server.port, { path: question })).body));
      times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    const shown = [0.5, 0.95, 1].map((part) =>
      times[Math.ceil(times.length * part) - 1]?.toFixed(1),
    );
    console.info(`a boot script takes ${shown.join(' / ')} ms (half, 95 %, all of 200)`);
    expect(tokens.size).toBe(200);
  });
});
