import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf, bearerOf, type Rim, refuse, sendRefusal } from './rim.ts';
import { type FileTrouble, type ServedFile, sendFile } from './send-file.ts';

/** Public pinned files, and images for the hosts that are armed. */
export function routeFiles(server: FastifyInstance, rim: Rim): void {
  server.route<{ Params: { sha256: string; name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/boot/asset/:sha256/:name',
    handler: async (request, reply) => {
      const { sha256, name } = request.params;
      const file = rim.findAsset(sha256.toLowerCase(), name);
      if (!file) return refuse(rim, request, reply, 404, 'there is nothing of this name');
      if (request.method === 'GET')
        await rim.desk.notice({ address: addressOf(request) }, 'kernel', `fetched ${name}`);
      return send(rim, request, reply, file, () => 503);
    },
  });
  server.route<{ Params: { name: string; file: string } }>({
    method: ['GET', 'HEAD'],
    url: '/boot/image/:name/:file',
    handler: (request, reply) => sendImage(rim, request, reply, request.params),
  });
}

/** The session opens the image that its host was promised, and no other. */
async function sendImage(
  rim: Rim,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: { readonly name: string; readonly file: string },
): Promise<FastifyReply> {
  const answer = await rim.desk.authorizeImage(bearerOf(request), addressOf(request));
  if (answer.kind === 'refused') return sendRefusal(rim, request, reply, answer);
  const { image } = answer.chosen;
  const known = image?.files.find(({ name }) => name === wanted.file);
  const path = image && known ? rim.findImageFile(image, known.name) : undefined;
  if (!image || image.name !== wanted.name || !known || path === undefined)
    return refuse(rim, request, reply, 404, 'this host was not promised such a file');
  return send(rim, request, reply, { path, bytes: known.bytes, sha256: known.sha256 }, endsTarget);
}

/** A target asks again for ten minutes when a service is in trouble (5xx); an image that is not what was promised does not mend by waiting. */
function endsTarget({ kind }: FileTrouble): number {
  return kind === 'unreadable' ? 404 : 416;
}

async function send(
  rim: Rim,
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
  statusOf: (trouble: FileTrouble) => number,
): Promise<FastifyReply> {
  const trouble = await sendFile(request, reply, file);
  if (!trouble) return reply;
  rim.desk.refuse(addressOf(request), '', `GET ${file.path}`, `${file.path} ${trouble.reason}`);
  return sendRefusal(rim, request, reply, {
    status: statusOf(trouble),
    message: 'this file is not as it was prepared',
  });
}
