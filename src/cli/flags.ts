import type { FlagFamily } from './define-command.ts';

/** Values of the flags that every command takes (docs/cli.md, "Everywhere"). */
export interface Flags {
  readonly inventory: readonly string[];
  readonly output?: string;
  readonly outputFile?: string;
  readonly limit?: string;
  readonly forks?: string;
  readonly timeout?: string;
  readonly deadline?: string;
  readonly user?: string;
  readonly askPass?: boolean;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly askBecomePass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly becomePasswordFile?: string;
  readonly privateKey?: string;
  readonly hostKeyCheck: 'strict' | 'accept-new' | 'off';
  readonly state?: string;
  readonly lang?: 'en' | 'zh-CN';
  readonly yes?: boolean;
  readonly confirm?: string;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly logFile?: string;
  /** Only where a command has the family `vault`. */
  readonly vaultPasswordFile?: readonly string[];
  readonly vaultId?: readonly string[];
  readonly askVaultPass?: boolean;
  /** Only where a command has the family `vars`. */
  readonly extraVars?: readonly string[];
}

/** The heading of each family in a command's help. */
export const familyTitles: { readonly [F in FlagFamily]: string } = {
  inventory: 'Which hosts:',
  output: 'What is printed:',
  connection: 'How hosts are reached:',
  run: 'How the run goes:',
  confirm: 'Confirmations:',
  project: 'Project:',
  vault: 'Vault:',
  vars: 'Variables:',
};

/** Families that a command without a use for them refuses, so that nobody thinks they did something. */
export const narrowFamilies: ReadonlySet<FlagFamily> = new Set(['vault', 'vars']);

/** One flag that every command takes: as commander writes it, what it is for, and which values it may have. */
export interface FlagSpec {
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly fallback?: string;
  /** May be given several times; the text says what is taken when it is not. */
  readonly repeatable?: string;
}

/** The everywhere-flags by family. Plain data: finding a command needs it before any package is loaded. */
export const flagTable: { readonly [F in FlagFamily]: readonly FlagSpec[] } = {
  inventory: [
    {
      flags: '-i, --inventory <path>',
      summary: 'inventory file or folder, repeatable',
      repeatable: 'inventories/',
    },
    { flags: '-l, --limit <pattern>', summary: 'narrows the targets further; @file reads names' },
  ],
  output: [
    {
      flags: '-o, --output <format>',
      summary: 'table, json, ndjson, csv, markdown, html, xlsx, junit',
    },
    {
      flags: '--output-file <path>',
      summary: 'write the report to this file, whole or not at all',
    },
    { flags: '--lang <lang>', summary: 'language of headings', choices: ['en', 'zh-CN'] },
    {
      flags: '--color <when>',
      summary: 'colours',
      choices: ['auto', 'always', 'never'],
      fallback: 'auto',
    },
    { flags: '-q, --quiet', summary: 'no progress' },
    {
      flags: '-v, --verbose',
      summary: 'also where the run is kept, and what to try for hosts out of reach',
    },
    {
      flags: '--log-file <path>',
      summary: 'append every event to this file, one JSON object a line',
    },
  ],
  connection: [
    { flags: '-u, --user <name>', summary: 'log in as' },
    { flags: '-k, --ask-pass', summary: 'ask for the login password' },
    {
      flags: '--connection-password-file <file>',
      summary: 'read the login password from a file; an executable one is run',
    },
    { flags: '--private-key <file>', summary: 'log in with this key' },
    { flags: '-b, --become', summary: 'act as another user through sudo' },
    { flags: '--become-user <name>', summary: 'that user (default root)' },
    { flags: '-K, --ask-become-pass', summary: 'ask for the sudo password' },
    {
      flags: '--become-password-file <file>',
      summary: 'read the sudo password from a file; an executable one is run',
    },
    { flags: '--timeout <seconds>', summary: 'deadline of one connection attempt (default 10)' },
    {
      flags: '--host-key-check <how>',
      summary: 'what to do with host keys',
      choices: ['strict', 'accept-new', 'off'],
      fallback: 'accept-new',
    },
  ],
  run: [
    { flags: '-f, --forks <n>', summary: 'hosts treated at once (default 64)' },
    {
      flags: '--deadline <seconds>',
      summary:
        "the longest one host's whole work may take (default 120 for check and facts, else 3600)",
    },
  ],
  confirm: [
    { flags: '-y, --yes', summary: 'yes to confirmations that destroy nothing' },
    {
      flags: '--confirm <count>',
      summary: 'the number of hosts a destructive command is meant for',
    },
  ],
  project: [{ flags: '--state <path>', summary: 'state folder (default .lab beside lab.yaml)' }],
  vault: [
    {
      flags: '--vault-password-file <file>',
      summary:
        'read a vault password from a file, or from what an executable one prints; repeatable',
      repeatable: 'LAB_VAULT_PASSWORD_FILE',
    },
    {
      flags: '--vault-id <label@source>',
      summary: 'the same for one label; the source is a file or "prompt"; repeatable',
      repeatable: 'none',
    },
    { flags: '-J, --ask-vault-pass', summary: 'ask for a vault password' },
  ],
  vars: [
    {
      flags: '-e, --extra-vars <vars>',
      summary: 'variables above all others: k=v words, JSON, YAML or @FILE; repeatable',
      repeatable: 'none',
    },
  ],
};
