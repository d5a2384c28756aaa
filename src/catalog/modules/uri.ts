import { bool, dict, int, list, path, raw, str, texts } from '../../model/arguments.ts';
import {
  type Action,
  ask,
  type Call,
  defineModule,
  done,
  type ModuleResult,
  type Planned,
  probePath,
} from '../../model/module.ts';
import { applyAttributes } from './parts/apply-attributes.ts';
import { askGuard } from './parts/command-guard.ts';
import { pathValues } from './parts/file-result.ts';
import { fail } from './parts/outcome.ts';
import { attributeArgs } from './parts/path-attributes.ts';
import { inputOf, script } from './parts/script-action.ts';
import { resultOf } from './parts/uri-answer.ts';
import { type UriArgs, uriProblems } from './parts/uri-args.ts';
import { renderRequest, requestScript } from './parts/uri-request.ts';

export default defineModule<UriArgs>({
  name: 'uri',
  collection: 'ansible.builtin',
  summary: 'Sends a request to a web server from the host, and tells the answer.',
  args: {
    url: str({ required: true }),
    method: str({ fallback: 'GET' }),
    body: raw(),
    body_format: str({
      fallback: 'raw',
      choices: ['form-urlencoded', 'json', 'raw', 'form-multipart'],
    }),
    src: path(),
    remote_src: bool({ fallback: false }),
    headers: dict({ fallback: {} }),
    status_code: list({ fallback: [200] }),
    return_content: bool({ fallback: false }),
    url_username: str({ aliases: ['user'] }),
    url_password: str({ aliases: ['password'], secret: true }),
    force_basic_auth: bool({ fallback: false }),
    validate_certs: bool({ fallback: true }),
    ca_path: path(),
    client_cert: path(),
    client_key: path(),
    ciphers: texts(),
    timeout: int({ fallback: 30 }),
    follow_redirects: str({
      fallback: 'safe',
      choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
    }),
    force: bool({ fallback: false }),
    http_agent: str({ fallback: 'ansible-httpget' }),
    use_proxy: bool({ fallback: true }),
    use_netrc: bool({ fallback: true }),
    decompress: bool({ fallback: true }),
    unix_socket: path(),
    dest: path(),
    creates: path(),
    removes: path(),
    unredirected_headers: texts({
      fallback: [],
      ignored: 'credentials are not sent on to other hosts anyway',
    }),
    ...attributeArgs,
  },
  check: uriProblems,
  isLocal: false,
  repeats: false,
  sources: ({ src, remote_src }): Record<string, { path: string; folder: 'files' }> =>
    src === undefined || remote_src ? {} : { src: { path: src, folder: 'files' } },
  inspect: (args, call) =>
    askGuard({ creates: args.creates, removes: args.removes, chdir: undefined }, (held) => {
      if (held === undefined) return request(args, call);
      const why = held.by === 'creates' ? 'exists' : 'does not exist';
      return done({ changed: false, values: { stdout: `skipped, since '${held.path}' ${why}` } });
    }),
});

function request(args: UriArgs, call: Call): Planned {
  if (call.checkMode)
    return done({
      changed: false,
      skipped: true,
      msg: 'remote module (ansible.builtin.uri) does not support check mode',
    });
  const { curl, wget, body } = renderRequest(args);
  const source = call.sources['src'];
  if (source !== undefined && 'folders' in source) return fail('src is a folder');
  const upload = (variable: string, text: string): Action => ({
    kind: 'upload',
    variable,
    content: { bytes: inputOf(text) },
  });
  const actions: Action[] = [
    upload('lab_curl', curl),
    upload('lab_wget', wget),
    ...(body === undefined ? [] : [upload('lab_body', body)]),
    ...(source === undefined
      ? []
      : [{ kind: 'upload', variable: 'lab_body', content: { source } } as const]),
    script(requestScript(args, args.return_content || args.dest === undefined), { mayFail: true }),
  ];
  return {
    kind: 'act',
    actions,
    expected: { changed: false },
    read(ran) {
      const last = ran.at(-1);
      if (last === undefined || ran.length < actions.length)
        return fail('the request could not be brought to the host');
      if (last.exitCode === 70 || last.exitCode === 71)
        return fail(`the answer could not be kept: ${last.stderr.trim()}`);
      return withAttributes(args, call, resultOf(args, last));
    },
  };
}

function withAttributes(args: UriArgs, call: Call, result: ModuleResult): Planned {
  const { mode, owner, group } = args;
  const place = result.values?.['path'];
  if (result.failed || typeof place !== 'string') return done(result);
  return ask({ dest: probePath(place, { follow: true }) }, ({ dest }) =>
    applyAttributes({
      state: dest,
      wish: { mode, owner, group },
      call,
      result: ({ facts, plan }) => ({
        ...result,
        changed: result.changed || plan.changed,
        values: { ...result.values, ...pathValues(facts) },
      }),
    }),
  );
}
