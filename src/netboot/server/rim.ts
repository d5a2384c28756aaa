import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BootRequester } from '../../model/boot.ts';
import type { Image } from '../../model/image.ts';
import type { BootDesk } from '../boot-desk-types.ts';
import type { ScriptSite } from '../texts/boot-script.ts';
import type { RoomProposal } from '../texts/menu-script.ts';
import type { Budget } from './budget.ts';
import type { ServedFile } from './send-file.ts';

/** What the routes work with. */
export interface Rim {
  readonly desk: BootDesk;
  readonly site: ScriptSite;
  /** The fixed map of public files; nothing else is ever opened for `/boot/asset`. */
  findAsset(sha256: string, name: string): ServedFile | undefined;
  /** The path of an image's file; undefined where the image folder has none. */
  findImageFile(image: Image, file: string): string | undefined;
  /** Rooms and seats that an unknown PC may be registered in. */
  propose(requester: BootRequester): Promise<readonly RoomProposal[]>;
  /** What an address may still ask for. */
  readonly scripts: Budget;
  readonly refusals: Budget;
  readonly menu: Budget;
}

/** The address a request came from, an IPv4 one without the IPv6 prefix of a dual-stack socket. */
export function addressOf(request: FastifyRequest): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** `METHOD /path` as it may be kept: no query, nothing that could be a secret, printable, short. */
export function askedOf(request: Pick<FastifyRequest, 'method' | 'url'>): string {
  const path = (request.url.split('?')[0] ?? '').slice(0, 200);
  const masked = path
    .split('/')
    .map((part, index, parts) =>
      ['answers', 'report'].includes(parts[index - 1] ?? '') || /^[\w-]{20,}$/.test(part)
        ? '…'
        : part,
    )
    .join('/');
  return `${request.method} ${masked.replaceAll(/[^!-~…]/gu, '?')}`;
}

/** Answers one plain line. */
export function sendLine(reply: FastifyReply, status: number, line: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${line}\n`);
}

/** A refusal of the desk, which has noted it: with its status, or 429 for an address that was refused too often. */
export function sendRefusal(
  rim: Pick<Rim, 'refusals'>,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: { readonly status: number; readonly message: string },
): FastifyReply {
  if (rim.refusals.spend(addressOf(request)))
    return sendLine(reply, refused.status, refused.message);
  return sendLine(reply.header('retry-after', '30'), 429, 'too many tries');
}

/** A refusal of the server itself, noted here. */
export function refuse(
  rim: Pick<Rim, 'desk' | 'refusals'>,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
): FastifyReply {
  rim.desk.refuse(addressOf(request), '', askedOf(request), message);
  return sendRefusal(rim, request, reply, { status, message });
}

/** The secret of `Authorization: Bearer …`; '' without one. */
export function bearerOf(request: FastifyRequest): string {
  return /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** The password of `Authorization: Basic …` (RFC 7617); undefined without one. */
export function basicPassword(request: FastifyRequest): string | undefined {
  const encoded = /^Basic ([\w+/=-]{1,400})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
