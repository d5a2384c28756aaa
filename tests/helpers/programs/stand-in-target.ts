/** Plays a PC that was started from the network, from its boot loader to its report, in the network it is run in (docs/netboot-protocol.md). Reads its wish as JSON from argv; prints what came of it. It writes no disk: `stopAt` ends it there as a power cut would. */
interface Wish {
  readonly server: string;
  readonly mac: string;
  readonly uuid: string;
  readonly serial: string;
  readonly hostKey: string;
  readonly stopAt?: 'script' | 'job' | 'writing';
  /** Typed at the menu of the PC, which nobody has armed. */
  readonly pin?: string;
  /** Reports this instead of writing. */
  readonly fails?: string;
  /** How long each of the ten pieces takes, milliseconds. */
  readonly pieceMs: number;
}

const wish = JSON.parse(process.argv[2] ?? '{}') as Wish;
const { server, mac, uuid, serial, pin } = wish;
const identity = { mac, uuid, serial };
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Asks until somebody answers in full: services are killed, in the middle of an answer as well, and come back. */
async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  for (const end = Date.now() + 120_000; ; ) {
    try {
      const signal = AbortSignal.timeout(10_000);
      const { status, body } = await fetch(`${server}${path}`, { ...init, signal });
      const whole = body === null ? null : await new Response(body).arrayBuffer();
      return new Response(whole, { status });
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

const post = (path: string, form: Iterable<[string, string]>, secret = ''): Promise<Response> =>
  ask(path, {
    method: 'POST',
    body: new URLSearchParams([...form]),
    headers: secret === '' ? {} : { authorization: `Bearer ${secret}` },
  });

async function install(): Promise<string> {
  await ask(`/boot/${encodeURIComponent(mac)}`);
  const network = { platform: 'pcbios', buildarch: 'i386', manufacturer: 'Labkit', product: 'PC' };
  const form = Object.entries({ ...identity, ...network });
  const asked = pin === undefined ? post('/boot/script', form) : chooseReinstall(form, pin);
  const script = await (await asked).text();
  const token = /\blabkit_token=([\w-]+)/.exec(script)?.[1];
  if (token === undefined) return pin === undefined ? 'local disk' : screenOf(script);
  if (wish.stopAt === 'script') return 'lost after its script';
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url');
  const reply = await post('/boot/job', Object.entries({ nonce, ...identity }), token);
  const job = await reply.text();
  if (!reply.ok) return `no job: ${job.trim()}`;
  if (wish.stopAt === 'job') return 'lost after its job';
  return write(job);
}

/** As iPXE does: without the password first, then with it, for it is asked for. */
async function chooseReinstall(form: [string, string][], typed: string): Promise<Response> {
  const url = `/boot/menu/reinstall?${new URLSearchParams(form)}`;
  const { status } = await ask(url);
  if (status !== 401) throw new Error(`a menu that asks for no PIN: ${status}`);
  const login = Buffer.from(`pin:${typed}`).toString('base64');
  return ask(url, { headers: { authorization: `Basic ${login}` } });
}

/** What a script only says. */
function screenOf(script: string): string {
  return [...script.matchAll(/^echo (.+)$/gm)].map(([, line]) => line).join(' ');
}

async function write(job: string): Promise<string> {
  const session = /^session (\S+)$/m.exec(job)?.[1] ?? '';
  const report = (form: [string, string][]) => post('/boot/report', form, session);
  await report([['stage', 'kernel']]);
  if (wish.fails !== undefined) {
    await report([
      ['stage', 'failed'],
      ['reason', wish.fails],
      ['hint', 'look at it'],
    ]);
    return 'failed';
  }
  const image = /^image (\S+)$/m.exec(job)?.[1] ?? '';
  const [, file = '', size = '0'] = /^file (\S+) \S+ (\d+) /m.exec(job) ?? [];
  const total = Number(size);
  for (let piece = 0; piece < 10; piece++) {
    const [first, last] = [piece, piece + 1].map((at) => Math.floor((total * at) / 10));
    const headers = {
      authorization: `Bearer ${session}`,
      range: `bytes=${first}-${(last ?? 1) - 1}`,
    };
    const part = await ask(`/boot/image/${image}/${file}`, { headers });
    const bytes = (await part.arrayBuffer()).byteLength;
    if (part.status !== 206) return `no image: ${part.status}`;
    const done = String((first ?? 0) + bytes);
    const answer = await report([
      ['stage', 'writing'],
      ['done', done],
      ['total', size],
      ['rate', '1000'],
    ]);
    const said = (await answer.text()).trim();
    if (said !== 'go') return said;
    if (wish.stopAt === 'writing' && piece === 4) return 'lost in the middle of writing';
    await new Promise((resolve) => setTimeout(resolve, wish.pieceMs));
  }
  const end = await report([
    ['stage', 'installed'],
    ['hostkey', wish.hostKey],
  ]);
  return end.ok ? 'installed' : `not installed: ${(await end.text()).trim()}`;
}

say(await install());
