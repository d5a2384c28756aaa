import { type Topic, topicOf, topics } from './topics.ts';

/** Variables that begin like facts and are none: how a host is reached, and what Ansible says of run, play and task. */
const noFact =
  /^(?:host|port|user|password|pass|connection|shell_.*|become(?:_.*)?|ssh_(?!host_key_).*|winrm_.*|psrp_.*|remote_.*|.*_interpreter|group_priority|facts|check_mode|diff_mode|forks|verbosity|version|run_tags|skip_tags|limit|inventory_sources|config_file|playbook_python|play_.*|role_names?|parent_role_.*|dependent_role_names|search_path|loop(?:_var)?|index_var|failed_task|failed_result|delegated_vars|managed|collection_name)$/;

/** The topics of the facts that these variables (`ansible_NAME`) may be; anything else among the names is passed over. */
export function topicsOfNames(names: readonly string[]): ReadonlySet<Topic> {
  const facts = names
    .filter((name) => name.startsWith('ansible_'))
    .map((name) => name.slice('ansible_'.length))
    .filter((fact) => !noFact.test(fact));
  return new Set(facts.flatMap((fact) => topicOf(fact) ?? []));
}

/** Words of `gather_subset` that need Python or another tool on the PC; they bring nothing here. */
const nothing = new Set(['python', 'python_version', 'facter', 'ohai', 'systemd']);

/** The topics that `gather_subset` asks for, as Ansible works them out; `problem` names a word it does not know. */
export function topicsOfSubsets(
  words: readonly string[],
): { readonly topics: readonly Topic[] } | { readonly problem: string } {
  const asked = words.length > 0 ? words : ['all'];
  const unknown = asked.find((word) => !word.startsWith('!') && !topicsOfWord(word));
  if (unknown !== undefined) return { problem: `Bad subset '${unknown}' given to Ansible` };
  const minimal = topics.filter(({ group }) => group === 'min');
  const wanted = asked.filter((word) => !word.startsWith('!'));
  const added = [...minimal, ...wanted.flatMap(topicsOfKnown)];
  const explicit = wanted.filter((word) => !isWide(word)).flatMap(topicsOfKnown);
  const excluded = asked
    .filter((word) => word.startsWith('!'))
    .flatMap((word) => topicsExcluded(word.slice(1)));
  const left = added.filter((topic) => !excluded.includes(topic) || explicit.includes(topic));
  return { topics: withNeeds(left) };
}

const isWide = (word: string): boolean => word === 'all' || word === 'min';

const topicsOfKnown = (word: string): readonly Topic[] => topicsOfWord(word) ?? [];

/** `!all` leaves the least there is; that goes with `!min` alone. */
function topicsExcluded(word: string): readonly Topic[] {
  const found = topicsOfKnown(word);
  return word === 'all' ? found.filter(({ group }) => group !== 'min') : found;
}

function topicsOfWord(word: string): readonly Topic[] | undefined {
  if (word === 'all') return topics;
  if (nothing.has(word)) return [];
  const group = topics.filter((topic) => topic.group === word);
  if (group.length > 0) return group;
  const own = topics.find(({ name, facts }) => name === word || facts.test(word));
  if (own === undefined) return undefined;
  // Ansible gathers all of these together, whichever of them is named
  return own.group === 'hardware' || own.group === 'network'
    ? topics.filter(({ group: other }) => other === own.group)
    : [own];
}

/** Topics together with those whose facts come along. */
function withNeeds(wanted: readonly Topic[]): readonly Topic[] {
  const names = new Set(wanted.map(({ name }) => name));
  // names that are added while they are gone through have their turn as well
  for (const name of names)
    for (const need of topics.find((topic) => topic.name === name)?.needs ?? []) names.add(need);
  return topics.filter(({ name }) => names.has(name));
}
