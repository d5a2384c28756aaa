import { type Command, sh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';
import { bodyOf, type UriArgs } from './uri-args.ts';

/** Settings for curl(1) and wget(1), each as the text of a settings file: nothing of a request stands in a process list. */
export interface RequestFiles {
  readonly curl: string;
  readonly wget: string;
  readonly body: string | undefined;
}

/** Writes a request down for both programs. */
export function renderRequest(args: UriArgs): RequestFiles {
  const { text, contentType } = bodyOf(args);
  const headers = headersOf(args, contentType);
  return { curl: curlText(args, headers), wget: wgetText(args, headers), body: text };
}

function headersOf(args: UriArgs, contentType: string | undefined): [string, string][] {
  const headers = Object.entries(args.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  if (contentType !== undefined && !has('content-type'))
    headers.push(['Content-Type', contentType]);
  if (args.force) headers.push(['Cache-Control', 'no-cache']);
  return headers;
}

function followsRedirects({ follow_redirects, method }: UriArgs): boolean {
  if (follow_redirects === 'all' || follow_redirects === 'yes') return true;
  if (follow_redirects === 'no' || follow_redirects === 'none') return false;
  return ['GET', 'HEAD'].includes(method.toUpperCase());
}

type Setting = readonly [name: string, value?: string];

function curlText(args: UriArgs, headers: readonly (readonly [string, string])[]): string {
  const method = args.method.toUpperCase();
  const settings: Setting[] = [
    ['url', args.url],
    method === 'HEAD' ? ['head'] : ['request', method],
    ...headers.map(
      ([name, value]): Setting => ['header', value === '' ? `${name};` : `${name}: ${value}`],
    ),
    ['user-agent', args.http_agent],
    ...curlLogin(args),
    ...curlTls(args),
    ...(args.unix_socket === undefined ? [] : [['unix-socket', args.unix_socket] as const]),
    ...(args.use_proxy ? [] : [['noproxy', '*'] as const]),
    ...(args.decompress ? [['compressed'] as const] : []),
    ...(followsRedirects(args) ? [['location'] as const] : []),
    // as long as a single read may take, as in Ansible; not the whole answer
    ['connect-timeout', String(args.timeout)],
    ['speed-limit', '1'],
    ['speed-time', String(args.timeout)],
  ];
  const lines = settings.map(([name, value]) =>
    value === undefined ? name : `${name} = "${escapeCurl(value)}"`,
  );
  return `${lines.join('\n')}\n`;
}

function curlLogin(args: UriArgs): Setting[] {
  if (args.url_username === undefined) return args.use_netrc ? [['netrc-optional']] : [];
  const user = `${args.url_username}:${args.url_password ?? ''}`;
  return [['user', user], [args.force_basic_auth ? 'basic' : 'anyauth']];
}

function curlTls(args: UriArgs): Setting[] {
  return [
    ...(args.validate_certs ? [] : [['insecure'] as const]),
    ...(args.ca_path === undefined ? [] : [['cacert', args.ca_path] as const]),
    ...(args.client_cert === undefined ? [] : [['cert', args.client_cert] as const]),
    ...(args.client_key === undefined ? [] : [['key', args.client_key] as const]),
    ...(args.ciphers === undefined ? [] : [['ciphers', args.ciphers.join(':')] as const]),
  ];
}

function escapeCurl(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

function wgetText(args: UriArgs, headers: readonly (readonly [string, string])[]): string {
  const method = args.method.toUpperCase();
  const lines = headers.map(([name, value]) => `header = ${name}: ${value}`);
  lines.push(`user_agent = ${args.http_agent}`, `timeout = ${String(args.timeout)}`, 'tries = 1');
  lines.push('content_on_error = on', `max_redirect = ${followsRedirects(args) ? '10' : '0'}`);
  if (method !== 'GET') lines.push(`method = ${method}`);
  if (args.url_username !== undefined) {
    lines.push(`http_user = ${args.url_username}`, `http_password = ${args.url_password ?? ''}`);
    if (args.force_basic_auth) lines.push('auth_no_challenge = on');
  }
  if (!args.use_netrc) lines.push('netrc = off');
  if (!args.validate_certs) lines.push('check_certificate = off');
  if (args.ca_path !== undefined) lines.push(`ca_certificate = ${args.ca_path}`);
  if (args.client_cert !== undefined) lines.push(`certificate = ${args.client_cert}`);
  if (args.client_key !== undefined) lines.push(`private_key = ${args.client_key}`);
  if (!args.use_proxy) lines.push('use_proxy = off');
  return `${lines.join('\n')}\n`;
}

/** Sends the request with `$lab_curl`, `$lab_wget` and `$lab_body`; prints how it went, the headers and the body for `readAnswer`, and puts the body into its place. */
export function requestScript(args: UriArgs, keepsBody: boolean): Command {
  const body =
    args.src !== undefined && args.remote_src
      ? { script: renderPath(args.src, {}), shown: args.src }
      : { script: '"$lab_body"' };
  const dest = { script: args.dest === undefined ? "''" : renderPath(args.dest, {}) };
  const codes = args.status_code.map(String).join(' ');
  return sh`lab_data=${body}
lab_dest=${dest}
url=${args.url} codes=${` ${codes} `} keeps=${keepsBody ? 'yes' : ''}
${{ script: sendBody }}`;
}

const sendBody = `folder=$(mktemp -d) || exit 70
trap 'rm -rf -- "$folder"' EXIT
: >"$folder/headers"; : >"$folder/body"
if command -v curl >/dev/null; then
  set -- -q -K "$lab_curl" -sS -D "$folder/headers" -o "$folder/body" -w '%{http_code} %{url_effective}'
  [ -z "$lab_data" ] || set -- "$@" --data-binary "@$lab_data"
  told=$(curl "$@" 2>"$folder/trouble")
  exit=$?
elif command -v wget >/dev/null; then
  set -- --config="$lab_wget" -S -O "$folder/body"
  [ -z "$lab_data" ] || set -- "$@" --body-file="$lab_data"
  wget "$@" -- "$url" 2>"$folder/trouble"
  exit=$?
  sed -n 's/^  //p' "$folder/trouble" >"$folder/headers"
  last=$(sed -n 's/^--[0-9].*--  //p' "$folder/trouble" | tail -n 1)
  told="$(sed -n 's/^HTTP[^ ]* \\([0-9]*\\).*/\\1/p' "$folder/headers" | tail -n 1) \${last:-$url}"
  case $exit in 6 | 8) exit=0 ;; esac
else echo lab.missing; exit 0; fi
echo "lab.exit $exit"
printf 'lab.told %s\\n' "$told"
printf 'lab.trouble %s\\n' "$(tr '\\n' ' ' <"$folder/trouble")"
code=\${told%% *}
if [ -n "$lab_dest" ] && [ "$exit" = 0 ]; then
  if [ -d "$lab_dest" ]; then
    name=$(sed -n 's/^[Cc]ontent-[Dd]isposition:.*filename="\\{0,1\\}\\([^";/]*\\).*/\\1/p' "$folder/headers" | tr -d '\\r' | tail -n 1)
    last=\${told#* }
    last=\${last%%[?#]*}
    case $last in *://*/*) last=\${last##*/} ;; *) last='' ;; esac
    name=\${name:-$last}
    lab_dest=\${lab_dest%/}/\${name:-index.html}
  fi
  case $codes in *" $code "*)
    [ "$code" = 304 ] || if ! cmp -s "$folder/body" "$lab_dest"; then
      new=$(mktemp "$(dirname -- "$lab_dest")/.lab-XXXXXX") && cat "$folder/body" >"$new" || exit 71
      if [ -e "$lab_dest" ]; then chmod "$(stat -c %a -- "$lab_dest")" "$new"; chown "$(stat -c %u:%g -- "$lab_dest")" "$new" 2>/dev/null
      else chmod "$(printf %o $((0666 & ~0$(umask))))" "$new"; fi
      mv -f -- "$new" "$lab_dest" || exit 71
      echo lab.written
    fi ;;
  esac
  printf 'lab.path %s\\n' "$lab_dest"
fi
echo lab.headers
cat "$folder/headers"
echo
echo lab.body
case $codes in *" $code "*) [ -z "$keeps" ] || cat "$folder/body" ;; *) cat "$folder/body" ;; esac`;
