import { int, path, texts } from '../../model/arguments.ts';
import { factsScript, splitParts } from '../../model/facts/facts-script.ts';
import { readFacts } from '../../model/facts/read-facts.ts';
import { type Topic, topicOf } from '../../model/facts/topics.ts';
import { topicsOfNames, topicsOfSubsets } from '../../model/facts/wanted-topics.ts';
import { ask, defineModule, done, type Ran } from '../../model/module.ts';
import { makeVars, type Value, type Vars } from '../../model/value.ts';
import { matchesPattern } from './parts/name-pattern.ts';
import { fail } from './parts/outcome.ts';

/** Arguments of `setup`. */
interface SetupArgs {
  readonly gather_subset: readonly string[];
  readonly filter: readonly string[];
  readonly fact_path: string;
  readonly gather_timeout: number;
  readonly names: readonly string[] | undefined;
}

export default defineModule<SetupArgs>({
  name: 'setup',
  collection: 'ansible.builtin',
  aliases: ['gather_facts'],
  summary: 'Gathers facts of the host with one script and without Python.',
  args: {
    gather_subset: texts({ fallback: ['all'] }),
    filter: texts({ fallback: [] }),
    fact_path: path({ fallback: '/etc/ansible/facts.d' }),
    gather_timeout: int({ fallback: 10 }),
    /** Labkit's own: variables a play may look at; facts that are none of them are not gathered. */
    names: texts(),
  },
  isLocal: true,
  inspect(args, call) {
    const subset = topicsOfSubsets(args.gather_subset);
    if ('problem' in subset) return fail(subset.problem);
    const topics = args.names ? narrow(subset.topics, args.names) : subset.topics;
    const marker = `lab${call.nonce.replaceAll(/[^A-Za-z0-9]/g, '')}`;
    const script = factsScript({
      topics,
      marker,
      factFolder: args.fact_path,
      mountSeconds: Math.max(1, args.gather_timeout),
    });
    const command = { shell: 'sh', script, shown: 'gather facts' } as const;
    return ask({ answer: { kind: 'script', command } }, ({ answer }) => {
      const facts = read(answer, marker);
      if (facts === undefined) return fail(`the host did not answer: ${answer.stderr.trim()}`);
      return done({ changed: false, facts: choose(facts, topics, args) });
    });
  },
});

function narrow(topics: readonly Topic[], names: readonly string[]): readonly Topic[] {
  const named = topicsOfNames(names);
  return topics.filter((topic) => named.has(topic));
}

function read(answer: Ran, marker: string): Vars | undefined {
  const parts = splitParts(answer.stdout, marker);
  const part = (name: string) => parts.get(name) ?? '';
  return readFacts({
    files: part('files'),
    system: part('system'),
    network: part('network'),
    mounts: part('mounts'),
    env: part('env'),
    local: part('local'),
  });
}

/** The facts of the topics that were gathered, by the names they have in `ansible_facts`, as far as the filter lets them through. */
function choose(facts: Vars, topics: readonly Topic[], { filter, gather_subset }: SetupArgs): Vars {
  const gathered = new Set(topics);
  const isAsked = (name: string) =>
    filter.length === 0 ||
    filter.some((pattern) =>
      [pattern, `ansible_${pattern}`].some((each) => matchesPattern(`ansible_${name}`, each)),
    );
  const chosen = Object.entries(facts).flatMap(([variable, value]): [string, Value][] => {
    const name = variable.slice('ansible_'.length);
    const topic = topicOf(name);
    if (topic === undefined || !gathered.has(topic) || !isAsked(name)) return [];
    return [[name === 'local' ? 'ansible_local' : name, value]];
  });
  if (filter.length > 0) return makeVars(chosen);
  return makeVars([...chosen, ['gather_subset', [...gather_subset]], ['module_setup', true]]);
}
