import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { LabError } from '../../model/lab-error.ts';
import { type Allowance, openBudget } from './budget.ts';
import { routeFiles } from './file-routes.ts';
import { type Rim, refuse, sendLine } from './rim.ts';
import { routeScripts } from './script-routes.ts';
import { routeSecrets } from './secret-routes.ts';

/** What the server is given; everything it answers comes from these. */
export interface BootServerOptions extends Omit<Rim, 'site' | 'scripts' | 'refusals' | 'menu'> {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The base URL that PCs are told; '' for the address it listens on. */
  readonly publicUrl: string;
  readonly site: Omit<Rim['site'], 'server'>;
  /** Milliseconds, monotonic. */
  now(): number;
  readonly limits?: Partial<BootServerLimits>;
}

/** What one address may ask for, and how long it may take. */
export interface BootServerLimits {
  /** Boot scripts, which make tokens. */
  readonly scripts: Allowance;
  /** Refusals; beyond them the answer is 429 whatever the reason. What is not refused is never counted. */
  readonly refusals: Allowance;
  /** PINs that are typed and applications that are sent. */
  readonly menu: Allowance;
  /** Open connections of one address, and of all. */
  readonly connectionsPerAddress: number;
  readonly connections: number;
  /** For a request line and its headers; and for a whole request. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Without a byte in either direction. */
  readonly idleTimeoutMs: number;
}

const defaults: BootServerLimits = {
  scripts: { burst: 120, perSecond: 4 },
  refusals: { burst: 30, perSecond: 0.5 },
  menu: { burst: 8, perSecond: 1 / 10 },
  connectionsPerAddress: 128,
  connections: 2048,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  idleTimeoutMs: 120_000,
};

/** The open server. */
export interface BootServer {
  /** `http://10.1.0.2:8080`: what PCs are told. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const bodyBytes = 64 * 1024;

/** Serves docs/netboot-protocol.md over HTTP. Throws LabError 'environment' when it cannot listen there. */
export async function openBootServer(options: BootServerOptions): Promise<BootServer> {
  const limits = { ...defaults, ...options.limits };
  const site = { ...options.site, server: options.publicUrl };
  const rim: Rim = {
    ...options,
    site,
    scripts: openBudget(limits.scripts, options.now),
    refusals: openBudget(limits.refusals, options.now),
    menu: openBudget(limits.menu, options.now),
  };
  const server = makeServer(limits, rim);
  guard(server, rim, limits);
  server.get('/boot/health', (_, reply) => sendLine(reply, 200, 'ok'));
  routeScripts(server, rim);
  routeSecrets(server, rim);
  routeFiles(server, rim);
  const { host, port } = options.listen;
  const heard = await server.listen({ host, port }).catch((error: unknown) => {
    throw explain(error, host, port);
  });
  if (site.server === '') site.server = heard;
  const close = async () => {
    server.server.closeAllConnections();
    await server.close();
  };
  return { url: site.server, port: Number(new URL(heard).port), close };
}

function makeServer(limits: BootServerLimits, rim: Rim): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    keepAliveTimeout: 15_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: false },
    http: { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: 1000 },
    frameworkErrors: (_, request, reply) =>
      void refuse(rim, request, reply, 404, 'there is nothing of this name'),
  });
  server.server.maxConnections = limits.connections;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_, body, done) => done(null, new URLSearchParams(String(body))),
  );
  return server;
}

/** What holds for every request: nothing is cached, unknown names and broken requests are noted, nobody holds too many connections. */
function guard(server: FastifyInstance, rim: Rim, limits: BootServerLimits): void {
  server.addHook('onRequest', (_, reply, done) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done();
  });
  server.setNotFoundHandler((request, reply) =>
    refuse(rim, request, reply, 404, 'there is nothing of this name'),
  );
  server.setErrorHandler((error: { readonly statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) return refuse(rim, request, reply, 503, 'the service is in trouble');
    return refuse(rim, request, reply, status, 'this request cannot be understood');
  });
  server.server.on('clientError', (_: Error, socket: Socket) => {
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
    if (address !== '' && rim.refusals.spend(address))
      rim.desk.refuse(address, '', 'a broken request', 'it is no HTTP, or too long or too slow');
  });
  countConnections(server, limits.connectionsPerAddress);
}

function countConnections(server: FastifyInstance, most: number): void {
  const open = new Map<string, number>();
  server.server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > most) socket.destroy();
  });
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const where = `${host} port ${port}`;
  const reasons: { readonly [code: string]: readonly [string, string] } = {
    EADDRINUSE: [
      `${where} is used by another program`,
      `find it with ss -ltnp 'sport = :${port}', or give another --port`,
    ],
    EACCES: [
      `no permission to listen on ${where}`,
      'ports below 1024 need root; give another --port',
    ],
    EADDRNOTAVAIL: [`this machine has no address ${host}`, 'look with ip address'],
  };
  const known = reasons[code ?? ''];
  return known ? new LabError('environment', known[0], known[1], { cause: error }) : error;
}
