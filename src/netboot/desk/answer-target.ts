import type { Arming, ArmingEvent, BootRequester, TargetReport } from '../../model/boot.ts';
import type { AnswerFile } from '../../model/profile.ts';
import { foldArming } from '../arming/fold-arming.ts';
import { judgeIdentity } from '../arming/judge-identity.ts';
import { isLive } from '../arming/open-arming.ts';
import type { Promised, Refused } from '../boot-desk-types.ts';
import { apply, type Desk, loadPromised, refuse, renderFor } from './promise.ts';
import { hashOf, makeSession, makeToken, sameHash } from './secrets.ts';

const noToken = 'this token is used, out of date, or not yours';
const noncePattern = /^[\w-]{16,128}$/;

/** Who asks, for what: as it stands in the alerts. */
interface Asked {
  readonly what: string;
  readonly address: string;
  readonly mac?: string;
}

/** POST /boot/job. */
export async function answerJob(
  desk: Desk,
  token: string,
  nonce: string,
  requester: BootRequester,
): Promise<{ kind: 'job'; text: string } | Refused> {
  const { mac, address } = requester;
  const asked = { what: 'job', address, mac };
  if (!noncePattern.test(nonce)) return refuse(desk, asked, 400, 'the nonce is 16 to 128 letters');
  const arming = await findByToken(desk, token, address);
  if (!arming) return refuse(desk, asked, 410, noToken);
  const stranger = judgeReader(arming, requester);
  if (stranger) {
    if (stranger.event) apply(desk, arming, { ...stranger.event, at: desk.effects.now() });
    return refuse(desk, asked, 403, stranger.reason);
  }
  const promised = await loadPromised(desk, arming);
  if (typeof promised === 'string') return refuse(desk, asked, 410, promised);
  const mark = hashOf(nonce);
  const session = makeSession(token, mark);
  const now = desk.effects.now();
  const input = { ...promised, session, token, now };
  const rendered = renderFor(desk, arming, () => desk.effects.renderJob(input));
  if (typeof rendered === 'string') return refuse(desk, asked, 410, rendered);
  const isRead = readAnswers(desk, arming, { token, session, nonce: mark, address });
  return isRead ? { kind: 'job', text: rendered.text } : refuse(desk, asked, 410, noToken);
}

/** The deployment system tells once more who it is: another PC than the registered one gets nothing, even with the token. */
function judgeReader(arming: Arming, requester: BootRequester) {
  const { mac, uuid, serial, address } = requester;
  if (!arming.order.macs.includes(mac)) return { reason: 'this job is for another address' };
  const identity = judgeIdentity(arming, requester);
  if (identity.is !== 'other') return undefined;
  return { reason: identity.reason, event: { type: 'mismatch' as const, address, uuid, serial } };
}

/** GET /boot/answers/TOKEN/NAME. */
export async function answerFile(
  desk: Desk,
  token: string,
  name: string,
  address: string,
): Promise<{ kind: 'file'; file: AnswerFile } | Refused> {
  const asked = { what: 'answers', address };
  const arming = await findByToken(desk, token, address);
  if (!arming || arming.answersRead.includes(name)) return refuse(desk, asked, 410, noToken);
  if (arming.sessionHash !== '' && arming.answersRead.length === 0)
    return refuse(desk, asked, 410, noToken);
  const promised = await loadPromised(desk, arming);
  if (typeof promised === 'string') return refuse(desk, asked, 410, promised);
  // Loading may have taken a while: of two first readings at once, the second goes on with the salt of the first.
  const current = desk.effects.store.load(arming.order.id) ?? arming;
  const nonce =
    current.answersRead.length > 0 ? current.nonce : makeToken(desk.effects.randomBytes);
  const session = makeSession(token, nonce);
  const now = desk.effects.now();
  const input = { ...promised, arming: current, session, token, now };
  const files = renderFor(desk, arming, () => desk.effects.renderAnswers(input));
  if (typeof files === 'string') return refuse(desk, asked, 410, files);
  const file = files.text.find((candidate) => candidate.name === name);
  if (!file) return refuse(desk, asked, 404, 'there is no such file');
  const isRead = readAnswers(desk, arming, { token, session, nonce, address, file: name });
  return isRead ? { kind: 'file', file } : refuse(desk, asked, 410, noToken);
}

/** Spends the token, or reads on with it; false when it is not to be. */
function readAnswers(
  desk: Desk,
  arming: Arming,
  read: {
    readonly token: string;
    readonly session: string;
    readonly nonce: string;
    readonly address: string;
    readonly file?: string;
  },
): boolean {
  const { token, session, ...rest } = read;
  const event: ArmingEvent = {
    type: 'answers',
    at: desk.effects.now(),
    tokenHash: hashOf(token),
    sessionHash: hashOf(session),
    ...rest,
  };
  let accepted = false;
  desk.effects.store.update(arming.order.id, (current) => {
    const next = foldArming(current, event);
    accepted = next !== current && isLive(next);
    return next;
  });
  return accepted;
}

/** The live armed boot of a token, when the one who shows it is the one who was given it: by address, or by the MAC that the neighbour table has for it. */
async function findByToken(
  desk: Desk,
  token: string,
  address: string,
): Promise<Arming | undefined> {
  const hash = hashOf(token);
  const arming = desk.effects.store.findBySecret(hash);
  if (!arming || !isLive(arming) || !sameHash(arming.tokenHash, hash)) return undefined;
  const mac = await desk.effects.neighbourMac(address);
  const isReader = mac === '' ? address === arming.tokenAddress : arming.order.macs.includes(mac);
  return isReader ? arming : undefined;
}

function findBySession(desk: Desk, session: string): Arming | undefined {
  const hash = hashOf(session);
  const arming = desk.effects.store.findBySecret(hash);
  return arming && sameHash(arming.sessionHash, hash) ? arming : undefined;
}

/** POST /boot/report and GET /boot/report/SESSION. */
export function answerReport(
  desk: Desk,
  session: string,
  report: TargetReport,
  address: string,
): { kind: 'go' } | { kind: 'stop'; reason: string } | Refused {
  const asked: Asked = { what: `report ${report.stage}`, address };
  const arming = findBySession(desk, session);
  if (!arming) return refuse(desk, asked, 410, 'this session is over, or not yours');
  const after = apply(desk, arming, { type: 'told', at: desk.effects.now(), address, report });
  if (isLive(after) || after.state === report.stage) return { kind: 'go' };
  return { kind: 'stop', reason: after.reason || `this armed boot is ${after.state}` };
}

/** Whether the reader of an image is in the middle of an installation. */
export async function answerImage(
  desk: Desk,
  session: string,
  address: string,
): Promise<(Promised & { kind: 'ok' }) | Refused> {
  const asked = { what: 'image', address };
  const arming = findBySession(desk, session);
  if (!arming || !isLive(arming))
    return refuse(desk, asked, 410, 'this session is over, or not yours');
  const promised = await loadPromised(desk, arming);
  if (typeof promised === 'string') return refuse(desk, asked, 410, promised);
  return { ...promised, kind: 'ok' };
}
