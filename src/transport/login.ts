import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { Unreachable } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { codeOf, messageOf } from './reach.ts';
import type { TransportSettings } from './settings.ts';
import { loadSsh2 } from './ssh2-library.ts';

/** The one proof of identity a host is offered: nothing else is tried when it is refused. `shown` says in words what it is. */
export type Login =
  | { readonly kind: 'key'; readonly key: ParsedKey; readonly shown: string }
  | {
      readonly kind: 'agent';
      readonly key: ParsedKey;
      readonly agent: BaseAgent;
      readonly shown: string;
    }
  | { readonly kind: 'password'; readonly password: string; readonly shown: string }
  | { readonly kind: 'none'; readonly shown: string };

/** Chooses the login of a host. Key files and the agent are read once for all hosts. */
export type ChooseLogin = (host: Host) => Promise<Login>;

/** Prepares the choice: the inventory's key file; else the password, when one is given; else the first of the settings' key files that exists, or the agent's first key. */
export function prepareLogins(settings: TransportSettings): ChooseLogin {
  const files = new Map<string, Promise<ReadKey>>();
  let agent: Promise<AgentKeys> | undefined;
  const keyOf = (file: string) => remember(files, file, () => readKey(file, settings));
  const agentKeys = () => {
    agent ??= readAgent(settings.agentSocket);
    return agent;
  };
  return async (host) => {
    const wanted = host.connection.keyFile;
    if (wanted !== undefined) return loginByFile(wanted, await keyOf(wanted), await agentKeys());
    const password = await settings.secrets.password(host);
    if (password !== undefined) return { kind: 'password', password, shown: 'the password' };
    const held = await agentKeys();
    for (const file of settings.keyFiles) {
      const read = await keyOf(file);
      if (read.state !== 'absent') return loginByFile(file, read, held);
    }
    return firstOfAgent(held);
  };
}

function remember<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>) {
  const found = kept.get(key) ?? make();
  kept.set(key, found);
  return found;
}

type ReadKey =
  | { readonly state: 'ready'; readonly key: ParsedKey }
  | { readonly state: 'absent'; readonly problem: string }
  | { readonly state: 'locked'; readonly problem: string; readonly publicKey?: Buffer };

async function readKey(file: string, settings: TransportSettings): Promise<ReadKey> {
  const { parseKey } = loadSsh2();
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    const problem = `the key ${file} cannot be read (${codeOf(error) || messageOf(error)})`;
    return { state: codeOf(error) === 'ENOENT' ? 'absent' : 'locked', problem };
  }
  let key = parseKey(text);
  if (key instanceof Error && /encrypted|passphrase/i.test(key.message)) {
    const passphrase = await settings.secrets.passphrase(file);
    if (passphrase === undefined)
      return locked(file, `the key ${file} is locked by a passphrase and none was given`);
    key = parseKey(text, passphrase);
  }
  const parsed = Array.isArray(key) ? key[0] : key;
  if (parsed instanceof Error)
    return locked(file, `the key ${file} cannot be used: ${parsed.message}`);
  return { state: 'ready', key: parsed };
}

/** A locked key may still be held by the agent: its public half says which one it is. */
async function locked(file: string, problem: string): Promise<ReadKey> {
  const text = await readFile(`${file}.pub`, 'utf8').catch(() => '');
  const base64 = text.split(' ')[1];
  const known = base64 === undefined ? {} : { publicKey: Buffer.from(base64, 'base64') };
  return { state: 'locked', problem, ...known };
}

function loginByFile(file: string, read: ReadKey, held: AgentKeys): Login {
  if (read.state === 'ready') return { kind: 'key', key: read.key, shown: `the key ${file}` };
  const publicKey = read.state === 'locked' ? read.publicKey : undefined;
  const key = publicKey && held.keys.find((each) => each.getPublicSSH().equals(publicKey));
  if (key && held.agent)
    return { kind: 'agent', key, agent: held.agent, shown: `the agent's key ${file}` };
  throw new Unreachable(
    'auth-failed',
    read.problem,
    'correct ansible_ssh_private_key_file or --private-key, or add the key to the ssh-agent',
  );
}

function firstOfAgent({ agent, keys }: AgentKeys): Login {
  const [key] = keys;
  if (!agent || !key) return { kind: 'none', shown: 'no key and no password' };
  return { kind: 'agent', key, agent, shown: `the agent's first key (${key.comment || key.type})` };
}

interface AgentKeys {
  readonly agent?: BaseAgent;
  readonly keys: readonly ParsedKey[];
}

async function readAgent(socket: string | undefined): Promise<AgentKeys> {
  if (!socket) return { keys: [] };
  const { createAgent, parseKey } = loadSsh2();
  const agent = createAgent(socket);
  const listed = await new Promise<readonly unknown[]>((resolve) => {
    agent.getIdentities((error, keys) => resolve(error ? [] : (keys ?? [])));
  });
  const keys = listed.flatMap((key) => parseKey(key as Buffer));
  return { agent, keys: keys.filter((key): key is ParsedKey => !(key instanceof Error)) };
}

/** Answers the server's question how to log in: with the one login, once; then with no more. A password also goes the `keyboard-interactive` way when the server takes it only so. */
export function loginSteps(
  login: Login,
  username: string,
): (methodsLeft: readonly string[] | null) => AnyAuthMethod | false {
  let asked = 0;
  return (methodsLeft) => {
    asked += 1;
    if (asked === 1) return firstStep(login, username);
    const onlyInteractive =
      methodsLeft?.includes('keyboard-interactive') && !methodsLeft.includes('password');
    if (asked > 2 || login.kind !== 'password' || !onlyInteractive) return false;
    return {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, prompts, finish) =>
        finish(prompts.map((prompt) => (prompt.echo ? '' : login.password))),
    };
  };
}

function firstStep(login: Login, username: string): AnyAuthMethod {
  switch (login.kind) {
    case 'key':
      return { type: 'publickey', username, key: login.key };
    case 'password':
      return { type: 'password', username, password: login.password };
    case 'agent':
      return { type: 'agent', username, agent: onlyKey(login.agent, login.key) };
    case 'none':
      return { type: 'none', username };
  }
}

/** The same agent, showing one key: it is offered alone. */
function onlyKey(agent: BaseAgent, key: ParsedKey): BaseAgent {
  const single: BaseAgent = Object.create(agent);
  single.getIdentities = (done) => done(undefined, [key]);
  return single;
}
