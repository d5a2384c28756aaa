import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BootRequester } from '../../model/boot.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Refused, ScriptAnswer } from '../boot-desk-types.ts';
import { localDiskOf, renderBootScript } from '../texts/boot-script.ts';
import { renderGreeting } from '../texts/greeting.ts';
import { renderLocal, renderMessage } from '../texts/screens.ts';
import { readField, readMac, readNetwork, readRequester } from './read-form.ts';
import { addressOf, askedOf, basicPassword, type Rim, refuse, sendLine } from './rim.ts';

/** Questions of iPXE and of its menu. Each is answered by a script, also a refused one: iPXE does not show the body of an error. */
export function routeScripts(server: FastifyInstance, rim: Rim): void {
  for (const method of ['GET', 'POST'] as const) {
    server.route({ method, url: '/boot/script', handler: (...each) => answerScript(rim, ...each) });
    server.route({
      method,
      url: '/boot/menu/reinstall',
      handler: (...each) => answerReinstall(rim, ...each),
    });
    server.route({
      method,
      url: '/boot/menu/register',
      handler: (...each) => answerRegister(rim, ...each),
    });
  }
  server.get<{ Params: { mac: string } }>('/boot/:mac', async (request, reply) => {
    const mac = readMac(request.params.mac);
    if (mac === '') return refuse(rim, request, reply, 404, 'there is nothing of this name');
    if (!rim.scripts.spend(addressOf(request)))
      return refuse(rim, request, reply, 429, 'too many scripts');
    await rim.desk.greet(mac, addressOf(request));
    const disk = localDiskOf(rim.site, { manufacturer: '', model: '' });
    return sendScript(reply, renderGreeting(rim.site.server, disk));
  });
}

/** Query and body together: Debian's iPXE cannot post. */
export function formOf(request: FastifyRequest): URLSearchParams {
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '';
  const body = request.body instanceof URLSearchParams ? [...request.body] : [];
  return new URLSearchParams([...body, ...new URLSearchParams(query)]);
}

async function answerScript(rim: Rim, request: FastifyRequest, reply: FastifyReply) {
  const form = formOf(request);
  const requester = readRequester(form, addressOf(request));
  if (requester.mac === '') return refuse(rim, request, reply, 400, 'a MAC address is missing');
  if (!rim.scripts.spend(requester.address))
    return refuse(rim, request, reply, 429, 'too many scripts');
  const answer = await rim.desk.script(requester, readNetwork(form));
  return sendAnswer(rim, reply, answer, requester);
}

async function answerReinstall(rim: Rim, request: FastifyRequest, reply: FastifyReply) {
  const form = formOf(request);
  const requester = readRequester(form, addressOf(request));
  if (requester.mac === '') return refuse(rim, request, reply, 400, 'a MAC address is missing');
  const body = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const pin = basicPassword(request) ?? readField(body, 'pin');
  // iPXE sends its password only when it is asked for one: so it is in no request line.
  if (pin === '')
    return sendLine(reply.header('www-authenticate', 'Basic realm="PIN"'), 401, 'a PIN is needed');
  if (!rim.menu.spend(requester.address)) return sendTooMany(rim, request, reply, requester);
  const answer = await rim.desk.menuReinstall(requester, readNetwork(form), pin.trim());
  if (answer.kind !== 'refused') return sendAnswer(rim, reply, answer, requester);
  return sendMessage(rim, reply, answer, requester);
}

async function answerRegister(rim: Rim, request: FastifyRequest, reply: FastifyReply) {
  const form = formOf(request);
  const requester = readRequester(form, addressOf(request));
  if (requester.mac === '') return refuse(rim, request, reply, 400, 'a MAC address is missing');
  if (!rim.menu.spend(requester.address)) return sendTooMany(rim, request, reply, requester);
  const [room, seat, owner] = ['room', 'seat', 'owner'].map((name) => readField(form, name));
  const wish = { room: room ?? '', seat: seat ?? '', owner: owner ?? '' };
  const answer = await rim.desk.menuRegister(requester, wish);
  return sendMessage(rim, reply, answer, requester);
}

async function sendAnswer(
  rim: Rim,
  reply: FastifyReply,
  answer: ScriptAnswer,
  requester: BootRequester,
): Promise<FastifyReply> {
  const isUnknown = answer.kind === 'local' && answer.menu && !answer.host;
  const proposals = isUnknown ? await rim.propose(requester) : [];
  try {
    return sendScript(reply, renderBootScript(answer, requester, rim.site, proposals));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    rim.desk.refuse(requester.address, requester.mac, 'boot script', error.message);
    const disk = localDiskOf(rim.site, requester, answer.host);
    return sendScript(reply, renderLocal(`Not installed: ${error.message}`, disk));
  }
}

function sendTooMany(
  rim: Rim,
  request: FastifyRequest,
  reply: FastifyReply,
  requester: BootRequester,
): FastifyReply {
  const message = 'Too many tries from this PC: wait a minute.';
  rim.desk.refuse(requester.address, requester.mac, askedOf(request), message);
  return sendMessage(rim, reply, { message }, requester);
}

function sendMessage(
  rim: Rim,
  reply: FastifyReply,
  { message }: Pick<Refused, 'message'>,
  requester: BootRequester,
): FastifyReply {
  return sendScript(reply, renderMessage(message, localDiskOf(rim.site, requester)));
}

function sendScript(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(text);
}
