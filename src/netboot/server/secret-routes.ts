import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readField, readReport, readRequester } from './read-form.ts';
import { addressOf, bearerOf, type Rim, refuse, sendLine, sendRefusal } from './rim.ts';
import { formOf } from './script-routes.ts';

/** What only the armed host is told, and what it reports. */
export function routeSecrets(server: FastifyInstance, rim: Rim): void {
  server.post('/boot/identify', async (request, reply) => {
    const requester = readRequester(bodyOf(request), addressOf(request));
    if (!rim.scripts.spend(requester.address))
      return refuse(rim, request, reply, 429, 'too many scripts');
    const answer = await rim.desk.identify(requester);
    if (answer.kind === 'refused') return sendRefusal(rim, request, reply, answer);
    return sendLine(reply, 200, answer.token);
  });
  server.post('/boot/job', async (request, reply) => {
    const form = bodyOf(request);
    const requester = readRequester(form, addressOf(request));
    const answer = await rim.desk.job(bearerOf(request), readField(form, 'nonce'), requester);
    if (answer.kind === 'refused') return sendRefusal(rim, request, reply, answer);
    return reply.type('text/plain; charset=utf-8').send(answer.text);
  });
  server.get<{ Params: { token: string; name: string } }>(
    '/boot/answers/:token/:name',
    async (request, reply) => {
      const { token, name } = request.params;
      const answer = await rim.desk.answers(token, name, addressOf(request));
      if (answer.kind === 'refused') return sendRefusal(rim, request, reply, answer);
      return reply.type(answer.file.contentType).send(answer.file.text);
    },
  );
  routeReports(server, rim);
}

function routeReports(server: FastifyInstance, rim: Rim): void {
  server.post('/boot/report', (request, reply) =>
    answerReport(rim, request, reply, bearerOf(request)),
  );
  for (const method of ['GET', 'POST'] as const)
    server.route<{ Params: { session: string } }>({
      method,
      url: '/boot/report/:session',
      handler: (request, reply) => answerReport(rim, request, reply, request.params.session),
    });
}

async function answerReport(
  rim: Rim,
  request: FastifyRequest,
  reply: FastifyReply,
  session: string,
): Promise<FastifyReply> {
  const report = readReport(formOf(request));
  if (!report) return refuse(rim, request, reply, 400, 'no such stage');
  const answer = await rim.desk.report(session, report, addressOf(request));
  if (answer.kind === 'refused') return sendRefusal(rim, request, reply, answer);
  return sendLine(reply, 200, answer.kind === 'go' ? 'go' : `stop ${oneLine(answer.reason)}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

function bodyOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}
