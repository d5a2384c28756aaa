import { createHash, randomBytes } from 'node:crypto';
import { appendFile, open } from 'node:fs/promises';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A PC that is played: who it says it is, and the files that stand for its disk and for the log of what was done to it. */
export interface PlayedPc {
  readonly mac: string;
  readonly uuid: string;
  readonly serial: string;
  /** Base URL of the boot service. */
  readonly server: string;
  /** Where its requests come from: an address of this machine. */
  readonly address: string;
  readonly diskFile: string;
  /** One line for each beginning of writing. */
  readonly writesFile: string;
  readonly hostKey: string;
}

/** One request of a power-on; `report writing` comes before the first byte and behind every chunk. */
export type BootMove =
  | 'greet'
  | 'script'
  | 'asset'
  | 'job'
  | 'answers'
  | 'chunk'
  | `report ${'kernel' | 'writing' | 'installed' | 'failed'}`;

/** What goes wrong with a request: the power fails before it or behind it, its reply is lost, it is sent twice. */
export type BootFault = 'cut' | 'cut-behind' | 'lose' | 'repeat';

/** What a power-on came to. */
export type BootEnd = 'installed' | 'local' | 'cut' | `stopped: ${string}` | `refused: ${string}`;

interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

class PowerCut extends Error {}
class Refusal extends Error {}

/** How long a played PC tries again while nobody answers. */
const patienceMs = 60_000;
const againMs = 30;

/** Asked before every request; the returned fault befalls it. */
export type Fate = (move: BootMove) => BootFault | undefined;

/** Powers a PC on that starts from the network, as iPXE and the deployment system do (docs/netboot-protocol.md), to its end. */
export async function powerOn(pc: PlayedPc, fate: Fate = () => undefined): Promise<BootEnd> {
  const ask = openAsking(pc, fate);
  try {
    const script = await bootScript(pc, ask);
    const token = /labkit_token=(\S+)/.exec(script)?.[1];
    if (token === undefined) return 'local';
    for (const [, url = ''] of script.matchAll(/^(?:kernel|initrd) .*?(http:\S+)/gm))
      must(await ask('asset', 'GET', url));
    return await deploy(pc, ask, token);
  } catch (error) {
    if (error instanceof PowerCut) return 'cut';
    if (error instanceof Refusal) return `refused: ${error.message}`;
    throw error;
  }
}

/** Powers a PC on that runs an installer: it reads one answer file, writes, and reports by GET as wget in its last command does. */
export async function powerOnInstaller(
  pc: PlayedPc,
  file: string,
  fate: Fate = () => undefined,
): Promise<BootEnd> {
  const ask = openAsking(pc, fate);
  try {
    const script = await bootScript(pc, ask);
    const answersUrl = /url=(\S+)/.exec(script)?.[1];
    if (answersUrl === undefined) return 'local';
    const answers = must(await ask('answers', 'GET', `${answersUrl}/${file}`)).toString();
    const reportUrl = /report (\S+)/.exec(answers)?.[1] ?? '';
    must(await ask('report writing', 'GET', `${reportUrl}?stage=writing`));
    await appendFile(pc.writesFile, 'began\n');
    must(await ask('report installed', 'GET', `${reportUrl}?stage=installed`));
    return 'installed';
  } catch (error) {
    if (error instanceof PowerCut) return 'cut';
    if (error instanceof Refusal) return `refused: ${error.message}`;
    throw error;
  }
}

type Ask = (
  move: BootMove,
  method: 'GET' | 'POST',
  url: string,
  more?: { readonly form?: URLSearchParams; readonly headers?: Record<string, string> },
) => Promise<Reply>;

function openAsking(pc: PlayedPc, fate: Fate): Ask {
  return async (move, method, url, more = {}) => {
    const fault = fate(move);
    if (fault === 'cut') throw new PowerCut();
    const wish = { method, url: new URL(url, pc.server), address: pc.address, ...more };
    if (fault === 'lose' || fault === 'repeat') await sendPatiently(wish);
    const reply = await sendPatiently(wish);
    if (fault === 'cut-behind') throw new PowerCut();
    return reply;
  };
}

interface Wish {
  readonly method: string;
  readonly url: URL;
  readonly address: string;
  readonly form?: URLSearchParams;
  readonly headers?: Record<string, string>;
}

async function sendPatiently(wish: Wish): Promise<Reply> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await sendOnce(wish);
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(againMs);
    }
  }
}

function sendOnce({ method, url, address, form, headers = {} }: Wish): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = form?.toString() ?? '';
    const type = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const options = { method, localAddress: address, agent: false, timeout: 10_000 } as const;
    const sent = request(
      url,
      { ...options, headers: { ...headers, ...type, ...length } },
      (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => pieces.push(piece));
        reply.once('error', reject);
        reply.once('end', () =>
          resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(pieces) }),
        );
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.end(body);
  });
}

function must({ status, body }: Reply): Buffer {
  if (status === 200 || status === 206) return body;
  throw new Refusal(`${status} ${body.toString().trim()}`);
}

async function bootScript(pc: PlayedPc, ask: Ask): Promise<string> {
  must(await ask('greet', 'GET', `/boot/${encodeURIComponent(pc.mac)}`));
  const form = new URLSearchParams({
    ...{ mac: pc.mac, uuid: pc.uuid, serial: pc.serial, manufacturer: 'QEMU', product: 'Played' },
    ...{ platform: 'pcbios', buildarch: 'i386', ip: pc.address, netmask: '255.0.0.0' },
  });
  return must(await ask('script', 'POST', '/boot/script', { form })).toString();
}

/** What the deployment system does: job, kernel, writing, every chunk compared before it is written, installed. */
async function deploy(pc: PlayedPc, ask: Ask, token: string): Promise<BootEnd> {
  const { mac, uuid, serial } = pc;
  const nonce = randomBytes(24).toString('base64url');
  const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
  const form = new URLSearchParams({ nonce, mac, uuid, serial });
  const job = readJob(must(await ask('job', 'POST', '/boot/job', { form, ...bearer(token) })));
  const report = async (
    stage: 'kernel' | 'writing' | 'installed',
    fields = {},
  ): Promise<string> => {
    const told = new URLSearchParams({ stage, ...fields });
    const more = { form: told, ...bearer(job.session) };
    return must(await ask(`report ${stage}`, 'POST', '/boot/report', more))
      .toString()
      .trim();
  };
  for (const stage of ['kernel', 'writing'] as const) {
    const said = await report(stage);
    if (said !== 'go') return `stopped: ${said.slice(5)}`;
  }
  await appendFile(pc.writesFile, 'began\n');
  await using disk = await open(pc.diskFile, 'w');
  for (const { file, first, last, sha256 } of job.chunks) {
    const range = { range: `bytes=${first}-${last}`, ...bearer(job.session).headers };
    const url = `/boot/image/${job.image}/${file}`;
    const bytes = must(await ask('chunk', 'GET', url, { headers: range }));
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new Error(`${file}: the chunk at ${first} is altered`);
    await disk.write(bytes, 0, bytes.length, first);
    const said = await report('writing', { done: last + 1, total: job.bytes, rate: 1000 });
    if (said !== 'go') return `stopped: ${said.slice(5)}`;
  }
  await disk.sync();
  const said = await report('installed', { hostkey: pc.hostKey, disk_serial: 'PLAYED' });
  return said === 'go' ? 'installed' : `stopped: ${said.slice(5)}`;
}

interface Job {
  readonly session: string;
  readonly image: string;
  readonly bytes: number;
  readonly chunks: readonly {
    readonly file: string;
    readonly first: number;
    readonly last: number;
    readonly sha256: string;
  }[];
}

function readJob(body: Buffer): Job {
  const lines = body.toString().split('\n');
  if (lines.at(-2) !== 'end') throw new Error('the job is cut off');
  const words = lines.map((line) => line.split(' '));
  const value = (key: string) => words.find(([name]) => name === key)?.[1] ?? '';
  const files = new Map(words.filter(([key]) => key === 'file').map((file) => [file[1], file]));
  const chunks = words.flatMap(([key, file = '', index, sha256 = '']) => {
    if (key !== 'chunk') return [];
    const [bytes = 0, chunkBytes = 0] = (files.get(file) ?? []).slice(3, 5).map(Number);
    const first = Number(index) * chunkBytes;
    return [{ file, first, last: Math.min(bytes, first + chunkBytes) - 1, sha256 }];
  });
  return {
    session: value('session'),
    image: value('image'),
    bytes: Number(value('bytes')),
    chunks,
  };
}
