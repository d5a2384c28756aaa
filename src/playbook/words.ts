/** Keywords that hold for plays, roles, blocks and tasks alike. */
const everywhere = [
  'any_errors_fatal',
  'become',
  'become_exe',
  'become_flags',
  'become_method',
  'become_user',
  'check_mode',
  'collections',
  'connection',
  'debugger',
  'diff',
  'environment',
  'ignore_errors',
  'ignore_unreachable',
  'module_defaults',
  'name',
  'no_log',
  'port',
  'remote_user',
  'run_once',
  'tags',
  'throttle',
  'timeout',
  'vars',
];
const delegation = ['delegate_to', 'delegate_facts'];
const taskOnly = [
  'action',
  'local_action',
  'args',
  'async',
  'changed_when',
  'delay',
  'failed_when',
  'loop',
  'loop_control',
  'poll',
  'register',
  'retries',
  'until',
];

/** Keywords of a task. */
export const taskWords: ReadonlySet<string> = new Set([
  ...everywhere,
  ...delegation,
  ...taskOnly,
  'notify',
  'when',
]);
/** Keywords of a handler. */
export const handlerWords: ReadonlySet<string> = new Set([...taskWords, 'listen']);
/** Keywords of a block. */
export const blockWords: ReadonlySet<string> = new Set([
  ...everywhere,
  ...delegation,
  'block',
  'rescue',
  'always',
  'notify',
  'when',
]);
/** Keywords of a role under `roles:`; any other word there is a parameter. */
export const roleWords: ReadonlySet<string> = new Set([
  ...everywhere,
  ...delegation,
  'role',
  'when',
]);
/** Keywords of a play. */
export const playWords: ReadonlySet<string> = new Set([
  ...everywhere,
  'fact_path',
  'force_handlers',
  'gather_facts',
  'gather_subset',
  'gather_timeout',
  'handlers',
  'hosts',
  'max_fail_percentage',
  'order',
  'post_tasks',
  'pre_tasks',
  'rings',
  'roles',
  'serial',
  'strategy',
  'tasks',
  'user',
  'vars_files',
  'vars_prompt',
]);
/** Keywords beside `import_playbook`. */
export const importPlaybookWords: ReadonlySet<string> = new Set([
  'import_playbook',
  'ansible.builtin.import_playbook',
  'name',
  'tags',
  'vars',
  'when',
]);
/** Keywords beside `include_tasks` and `include_role`: the others would hold for the include alone, and nobody means that. */
export const includeWords: ReadonlySet<string> = new Set([
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'listen',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
]);

/** Words of older versions with what to write today. */
export const removedWords: ReadonlyMap<string, string> = new Map([
  ['sudo', 'write become: true'],
  ['sudo_user', 'write become: true and become_user:'],
  ['sudo_pass', 'the password is asked for with --ask-become-pass'],
  ['sudo_exe', 'leave it out: sudo is found on the host'],
  ['sudo_flags', 'write become_flags:'],
  ['su', 'write become: true'],
  ['su_user', 'write become: true and become_user:'],
  ['su_pass', 'the password is asked for with --ask-become-pass'],
  ['always_run', 'write check_mode: false'],
  ['accelerate', 'leave it out: one connection is held open for the whole run'],
  ['accelerate_port', 'leave it out: one connection is held open for the whole run'],
  ['accelerate_ipv6', 'leave it out: one connection is held open for the whole run'],
  ['first_available_file', 'write with_first_found:'],
  ['only_if', 'write when:'],
  ['static', 'write import_tasks (static) or include_tasks (dynamic)'],
  ['vault_password', 'give --vault-password-file'],
  ['role_params', 'write the parameters beside role:'],
]);
