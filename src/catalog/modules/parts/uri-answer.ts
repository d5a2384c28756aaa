import { decodeText } from '../../../model/display.ts';
import type { ModuleResult, Ran } from '../../../model/module.ts';
import { isMapping, makeVars, type Value } from '../../../model/value.ts';
import { binaryOf, bytesOf, shownText } from './text-lines.ts';
import type { UriArgs } from './uri-args.ts';

/** What a request came to. */
interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  /** One character a byte. */
  readonly body: string;
  readonly trouble: string;
  readonly path: string | undefined;
  readonly isWritten: boolean;
}

/** Whether the answer must be brought here: it is asked for, or may be JSON. */
export function resultOf(args: UriArgs, ran: Ran): ModuleResult {
  const text = binaryOf(ran.stdoutBytes);
  if (text.startsWith('lab.missing'))
    return {
      changed: false,
      failed: true,
      msg: 'neither curl nor wget is installed on the host',
      values: { status: -1, url: args.url },
    };
  const answer = readAnswer(args, text);
  const wanted = args.status_code.map(Number);
  const isWanted = wanted.includes(answer.status);
  const elapsed = Math.max(0, Math.floor(ran.endedAt - ran.startedAt));
  const said = saidBy(answer);
  const values = makeVars([
    ...headerValues(answer, args.url),
    ['url', answer.url],
    ['status', answer.status],
    ['redirected', answer.url !== args.url],
    ['elapsed', elapsed],
    ...cookieValues(answer),
    ...(answer.path === undefined ? [] : [['path', answer.path] as const]),
    ...jsonValue(answer),
    ...(args.return_content ? [['content', contentText(answer)] as const] : []),
  ]);
  const changed = answer.isWritten;
  const changes = changed ? [`wrote ${answer.path ?? ''}`] : [];
  if (isWanted) return { changed, msg: said, values, changes };
  const msg = `Status code was ${String(answer.status)} and not [${wanted.join(', ')}]: ${said}`;
  return { changed: false, failed: true, msg, values };
}

function readAnswer(args: UriArgs, text: string): Answer {
  const at = text.indexOf('\nlab.headers\n');
  const top = shownText(text.slice(0, at));
  const rest = text.slice(at + '\nlab.headers\n'.length);
  const bodyAt = rest.indexOf('\nlab.body\n');
  const line = (name: string) => new RegExp(`^lab\\.${name} ?(.*)$`, 'm').exec(top)?.[1];
  const [code = '', ...url] = (line('told') ?? '').split(' ');
  const isAnswered = line('exit') === '0' && Number(code) > 0;
  return {
    status: isAnswered ? Number(code) : -1,
    url: url.join(' ') || args.url,
    headers: readHeaders(shownText(rest.slice(0, bodyAt))),
    body: rest.slice(bodyAt + '\nlab.body\n'.length),
    trouble: (line('trouble') ?? '').trim(),
    path: line('path'),
    isWritten: /^lab\.written$/m.test(top),
  };
}

/** The headers of the last answer: those of redirects come before it. */
function readHeaders(text: string): readonly (readonly [string, string])[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findLastIndex((line) => /^HTTP\/[0-9.]+ /.test(line));
  return lines.slice(start + 1).flatMap((line) => {
    const at = line.indexOf(':');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
}

function headerValues({ headers }: Answer, url: string): readonly (readonly [string, Value])[] {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase().replaceAll('-', '_');
    const known = values.get(key);
    const full = key === 'location' ? absoluteUrl(url, value) : value;
    values.set(key, known === undefined ? full : `${known}, ${full}`);
  }
  return Array.from(values);
}

function absoluteUrl(url: string, location: string): string {
  if (location.includes('://')) return location;
  const origin = /^[a-z]+:\/\/[^/]*/i.exec(url)?.[0] ?? '';
  if (location.startsWith('/')) return origin + location;
  return `${url.slice(0, Math.max(origin.length, url.lastIndexOf('/')))}/${location}`;
}

function cookieValues({ headers, status }: Answer): readonly (readonly [string, Value])[] {
  if (status < 200 || status > 299) return [];
  const pairs = headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, value]) => /^\s*([^=;]+)=([^;]*)/.exec(value))
    .flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? ''] as const] : []));
  return [
    ['cookies', makeVars(pairs)],
    ['cookies_string', pairs.map(([name, value]) => `${name}=${value}`).join('; ')],
  ];
}

function contentType({ headers }: Answer): string {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

function isJson(answer: Answer): boolean {
  const sub = /^[^/;]+\/([^;\s]+)/.exec(contentType(answer))?.[1]?.toLowerCase() ?? '';
  const last = sub.slice(sub.lastIndexOf('+') + 1);
  return last === 'json' || last === 'javascript';
}

function jsonValue(answer: Answer): readonly (readonly [string, Value])[] {
  if (!isJson(answer)) return [];
  try {
    return [['json', plain(JSON.parse(contentText(answer)) as Value)]];
  } catch {
    return [];
  }
}

// what a server sends must not reach a prototype
function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map((item: Value) => plain(item));
  if (!isMapping(value)) return value;
  return makeVars(Object.entries(value).map(([key, item]) => [key, plain(item)] as const));
}

function contentText(answer: Answer): string {
  const isLatin = /charset="?iso-8859-1/i.test(contentType(answer));
  return isLatin ? answer.body : decodeText(bytesOf(answer.body)).text;
}

function saidBy({ status, headers, trouble }: Answer): string {
  if (status === -1) return `Request failed: ${trouble}`;
  if (status >= 400 || (status >= 300 && status < 400))
    return `HTTP Error ${String(status)}: ${reasons[status] ?? ''}`.trimEnd();
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return `OK (${length ?? 'unknown'} bytes)`;
}

/** Reason phrases of RFC 9110; HTTP/2 has none of its own. */
const reasons: { readonly [status: number]: string } = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
