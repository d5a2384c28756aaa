import { type Command, type Script, type Secret, sh } from '../../../model/command.ts';

/** What is fetched from an address, and how. */
export interface Download {
  readonly url: string;
  readonly headers: readonly string[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly timeoutSeconds: number;
  readonly validateCerts: boolean;
  readonly useProxy: boolean;
  readonly agent: string;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  /** Only what is newer than this instant, seconds since 1970. */
  readonly since: number | undefined;
  /** Asks for the headers alone. */
  readonly headOnly: boolean;
}

/** What `downloadScript` left. */
export interface Downloaded {
  readonly status: number;
  readonly reason: string;
  readonly url: string;
  readonly disposition: string;
  /** Bytes the server announced; undefined when it did not say. */
  readonly length: number | undefined;
}

/**
 * Fetches an address with the host's curl or wget into `"$lab_file"` and leaves the headers of all answers in `"$lab_head"`, the final address in
 * `lab_url`. Names, passwords and headers go through a pipe, never through a process list: `printf` is built into the shell.
 */
export function downloadScript(download: Download): Script {
  const { url, user, headers, clientCert, clientKey, validateCerts, headOnly } = download;
  const needsMore =
    user !== undefined || headers.length > 0 || clientCert !== undefined || clientKey !== undefined;
  const address = /^[^/]*\/\/[^/]*@/.test(url) ? secret(url) : url;
  const { script, shown } =
    sh`lab_from=${address} lab_curl=${secret(curlConfig(download))} lab_wgetrc=${secret(wgetConfig(download))}
lab_more=${needsMore ? 'yes' : ''} lab_unsafe=${validateCerts ? '' : 'yes'} lab_spider=${headOnly ? '--spider' : ''}
lab_agent=${download.agent}
${fetchLines}`;
  return { script, shown };
}

const fetchLines: Script = {
  script: String.raw`lab_heads() { sed -n 's/^  *\(HTTP\/.*\)/\1/p; s/^  *\([A-Za-z-]*: .*\)/\1/p' "$lab_said" >"$lab_head"; [ -s "$lab_head" ] || [ "$lab_code" = 0 ] || exit 91; lab_code=0; }
lab_url=$lab_from
if [ "$lab_from" != "${'$'}{lab_from#file://}" ]; then
cat <"${'$'}{lab_from#file://}" >"$lab_file" 2>"$lab_said" || exit 91
elif command -v curl >/dev/null 2>&1; then
lab_url=$(printf '%s' "$lab_curl" | curl -q -sS -K - -o "$lab_file" -D "$lab_head" -w '%{url_effective}' 2>"$lab_said") || exit 91
elif ! command -v wget >/dev/null 2>&1; then
echo 'neither curl nor wget is there: install one of them' >"$lab_said"; exit 91
elif wget --help 2>&1 | grep -qi busybox; then
[ -z "$lab_more" ] || { echo 'busybox wget knows no passwords, headers and certificates: install curl or wget' >"$lab_said"; exit 91; }
case $lab_from in https:*) [ -n "$lab_unsafe" ] || { echo 'busybox wget checks no certificates: install curl or wget' >"$lab_said"; exit 91; } ;; esac
# the -T of some builds ends them at once
wget -q -S -U "$lab_agent" $lab_spider -O "$lab_file" "$lab_from" 2>"$lab_said" || lab_code=$?
lab_heads
else
(umask 077; printf '%s' "$lab_wgetrc" >"$lab_file.rc")
printf '%s\n' "$lab_from" | wget -q -S --content-on-error --tries=1 --config="$lab_file.rc" $lab_spider -i - -O "$lab_file" 2>"$lab_said" || lab_code=$?
rm -f -- "$lab_file.rc"
lab_heads
fi`,
};

const secret = (text: string): Secret => ({ secret: text });

const quoteConfig = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', ' ')}"`;

function curlConfig(download: Download): string {
  const { url, headers, user, password = '', timeoutSeconds, since, agent } = download;
  const given = [
    ...headers.map((header) => ['header', header] as const),
    ...(since === undefined ? [] : [['header', `If-Modified-Since: ${httpDate(since)}`] as const]),
    ...(user === undefined ? [] : [['user', `${user}:${password}`] as const]),
    ...(download.clientCert === undefined ? [] : [['cert', download.clientCert] as const]),
    ...(download.clientKey === undefined ? [] : [['key', download.clientKey] as const]),
    ...(download.useProxy ? [] : [['noproxy', '*'] as const]),
    ['url', url] as const,
    ['user-agent', agent] as const,
  ];
  return [
    ...given.map(([name, value]) => `${name} = ${quoteConfig(value)}\n`),
    ...['location\n', 'globoff\n', `connect-timeout = ${timeoutSeconds}\n`],
    ...[`speed-time = ${timeoutSeconds}\n`, 'speed-limit = 1\n'],
    ...(download.validateCerts ? [] : ['insecure\n']),
    ...(download.headOnly ? ['head\n'] : []),
  ].join('');
}

function wgetConfig(download: Download): string {
  const { headers, user, password = '', timeoutSeconds, since, agent } = download;
  const line = (text: string) => text.replaceAll('\n', ' ');
  return [
    ...headers.map((header) => `header = ${line(header)}\n`),
    ...(since === undefined ? [] : [`header = If-Modified-Since: ${httpDate(since)}\n`]),
    ...(user === undefined
      ? []
      : [`user = ${line(user)}\n`, `password = ${line(password)}\n`, 'auth_no_challenge = on\n']),
    ...(download.clientCert === undefined ? [] : [`certificate = ${line(download.clientCert)}\n`]),
    ...(download.clientKey === undefined ? [] : [`private_key = ${line(download.clientKey)}\n`]),
    ...(download.useProxy ? [] : ['use_proxy = off\n']),
    ...(download.validateCerts ? [] : ['check_certificate = off\n']),
    `timeout = ${timeoutSeconds}\n`,
    `user_agent = ${line(agent)}\n`,
  ].join('');
}

/** An instant as HTTP writes it (RFC 9110, 5.6.7). */
function httpDate(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toUTCString();
}

/** Prints what `readDownload` reads. */
export const printDownload: Script = {
  script: String.raw`printf 'lab-url:%s\n' "$lab_url"
tr -d '\r' <"$lab_head" | sed 's/^/lab-head:/'`,
};

/** Reads what the host says of a download: the last answer counts, earlier ones sent it elsewhere. */
export function readDownload(stdout: string): Downloaded {
  const lines = stdout.split('\n').flatMap((line) => /^lab-head:(.*)$/.exec(line)?.[1] ?? []);
  const begin = lines.findLastIndex((line) => /^HTTP\//.test(line));
  const [status = '', ...headers] = lines.slice(Math.max(begin, 0));
  const [, code = '0', reason = ''] = /^HTTP\/\S+\s+(\d+)\s*(.*)$/.exec(status) ?? [];
  const header = (name: string) =>
    headers
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const length = header('content-length');
  return {
    status: Number(code),
    reason,
    // wget does not say where it ended up
    url: locationIn(lines) ?? /^lab-url:(.*)$/m.exec(stdout)?.[1] ?? '',
    disposition: header('content-disposition') ?? '',
    length: length === undefined ? undefined : Number(length),
  };
}

function locationIn(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => /^location:/i.test(line));
  const place = last?.slice(last.indexOf(':') + 1).trim();
  return place?.startsWith('/') ? `http://redirected${place}` : place;
}

/** A download that only asks; for probes, which leave nothing behind. */
export function askCommand(download: Download): Command {
  return sh`lab_dir=$(mktemp -d) || exit 1
trap 'rm -rf -- "$lab_dir"' EXIT
lab_file=$lab_dir/file lab_head=$lab_dir/head lab_said=$lab_dir/said lab_code=0 lab_url=
: >"$lab_head"; : >"$lab_said"
(
${downloadScript({ ...download, headOnly: true })}
${printDownload}
); lab_code=$?
[ "$lab_code" = 0 ] || cat "$lab_said" >&2
exit "$lab_code"`;
}
