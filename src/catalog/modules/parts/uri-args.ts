import { isMapping, type Value } from '../../../model/value.ts';
import { pythonJson } from './python-json.ts';

/** The arguments of the `uri` module. */
export interface UriArgs {
  readonly url: string;
  readonly method: string;
  readonly body: Value | undefined;
  readonly body_format: string;
  readonly src: string | undefined;
  readonly remote_src: boolean;
  readonly headers: { readonly [name: string]: Value };
  readonly status_code: readonly Value[];
  readonly return_content: boolean;
  readonly url_username: string | undefined;
  readonly url_password: string | undefined;
  readonly force_basic_auth: boolean;
  readonly validate_certs: boolean;
  readonly ca_path: string | undefined;
  readonly client_cert: string | undefined;
  readonly client_key: string | undefined;
  readonly ciphers: readonly string[] | undefined;
  readonly timeout: number;
  readonly follow_redirects: string;
  readonly force: boolean;
  readonly http_agent: string;
  readonly use_proxy: boolean;
  readonly use_netrc: boolean;
  readonly decompress: boolean;
  readonly unix_socket: string | undefined;
  readonly dest: string | undefined;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly mode: string | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly unredirected_headers: readonly string[];
}

/** What does not go together in a `uri` task. */
export function uriProblems(
  args: UriArgs,
  isRendered: (name: keyof UriArgs & string) => boolean,
): readonly string[] {
  const { method, body, src, status_code, url, headers, body_format } = args;
  const problems: string[] = [];
  if (method !== undefined && !/^[A-Z]+$/.test(method.toUpperCase()))
    problems.push("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
  if (body !== undefined && src !== undefined) problems.push('body and src exclude each other');
  const strange = status_code?.find((code) => !Number.isInteger(Number(code)));
  if (strange !== undefined) problems.push(`status_code: ${String(strange)} is no number`);
  if (isRendered('url') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(url))
    problems.push(`url: "${url}" does not begin with http:// or https://`);
  // a line break would begin another header
  if (
    Object.entries(headers ?? {}).some(([name, value]) => /[\r\n]/.test(`${name}${String(value)}`))
  )
    problems.push('a header has a line break');
  if (body_format === 'form-multipart')
    problems.push('body_format form-multipart is not supported');
  return problems;
}

/** The body as text, and the header that says what it is. */
export function bodyOf({ body, body_format }: UriArgs): {
  readonly text: string | undefined;
  readonly contentType: string | undefined;
} {
  if (body_format === 'json') {
    const text = typeof body === 'string' ? body : pythonJson(body ?? null);
    return { text, contentType: 'application/json' };
  }
  if (body_format === 'form-urlencoded')
    return {
      text: typeof body === 'string' ? body : formText(body ?? null),
      contentType: 'application/x-www-form-urlencoded',
    };
  if (body === undefined) return { text: undefined, contentType: undefined };
  return { text: typeof body === 'string' ? body : pythonJson(body), contentType: undefined };
}

/** `a=1&b=2` of a mapping or of a list of pairs; a list as a value is written once for each item. */
function formText(body: Value): string {
  const pairs: readonly (readonly [Value, Value])[] = Array.isArray(body)
    ? body.map((pair: Value) => (Array.isArray(pair) ? [pair[0] ?? '', pair[1] ?? ''] : [pair, '']))
    : isMapping(body)
      ? Object.entries(body)
      : [];
  const words = pairs.flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item: Value) => item !== null)
      .map((item: Value) => `${formWord(key)}=${formWord(item)}`),
  );
  return words.join('&');
}

function formWord(value: Value): string {
  const text = value === true ? 'True' : value === false ? 'False' : String(value);
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
