import { type Arg, bool, mode, path, str, textOfValue, texts } from '../../../model/arguments.ts';
import type { Value } from '../../../model/value.ts';

/** Options of a repository that are written as they are given (dnf.conf(5)), by Ansible's names. */
const textOptions =
  'bandwidth cost deltarpm_metadata_percentage deltarpm_percentage failovermethod gpgcakey http_caching include ip_resolve keepcache metadata_expire metadata_expire_filter metalink mirrorlist mirrorlist_expire password priority proxy proxy_password proxy_username retries sslcacert sslclientcert sslclientkey throttle timeout ui_repoid_vars username'.split(
    ' ',
  );
const switchOptions =
  'async enabled enablegroups gpgcheck keepalive module_hotfixes protect repo_gpgcheck s3_enabled skip_if_unavailable ssl_check_cert_permissions sslverify'.split(
    ' ',
  );
const lineOptions = ['baseurl', 'gpgkey'];
const wordOptions = ['exclude', 'includepkgs'];
const aliases: { readonly [name: string]: readonly string[] } = {
  sslcacert: ['ca_cert'],
  sslclientcert: ['client_cert'],
  sslclientkey: ['client_key'],
  sslverify: ['validate_certs'],
};

/** Arguments of `yum_repository`: its own, and the options of a repository by their names. */
export interface YumArgs {
  name: string;
  description: string | undefined;
  file: string | undefined;
  reposdir: string;
  state: string;
  mode: string | undefined;
  [option: string]: Value | readonly string[] | undefined;
}

function optionArgs(): { [name: string]: Arg<Value | readonly string[] | undefined> } {
  const args: { [name: string]: Arg<Value | readonly string[] | undefined> } = {};
  for (const name of textOptions) {
    const secret = name.endsWith('password');
    args[name] = str({ aliases: aliases[name] ?? [], secret });
  }
  for (const name of switchOptions) args[name] = bool({ aliases: aliases[name] ?? [] });
  for (const name of [...lineOptions, ...wordOptions]) args[name] = texts();
  return args;
}

export const yumArgs = {
  ...optionArgs(),
  name: str({ required: true }),
  description: str(),
  file: str(),
  reposdir: path({ fallback: '/etc/yum.repos.d' }),
  state: str({ fallback: 'present', choices: ['present', 'absent'] }),
  mode: mode(),
};

/** The options that were given as they stand in a file, sorted by name; `description` is the file's `name`. */
export function yumOptions(args: YumArgs): Map<string, string> {
  const options: [string, string][] = [];
  for (const name of [...textOptions, ...switchOptions, ...lineOptions, ...wordOptions]) {
    const value = args[name];
    if (value !== undefined && value !== null) options.push([name, optionText(name, value)]);
  }
  if (args.description !== undefined) options.push(['name', args.description]);
  return new Map(options.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function optionText(name: string, value: Value | readonly string[]): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.join(lineOptions.includes(name) ? '\n' : ' ');
  return textOfValue(value as Value);
}
