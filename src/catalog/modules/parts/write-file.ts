import { type Script, sh } from '../../../model/command.ts';
import type {
  Action,
  Call,
  Content,
  ModuleResult,
  PathState,
  Planned,
  Prediction,
  Ran,
} from '../../../model/module.ts';
import { backupScript, readBackup } from './backup-name.ts';
import { expectedFacts, predictFile } from './expect-file.ts';
import { modeText } from './file-mode.ts';
import { type PathFacts, printFacts, readFacts } from './file-result.ts';
import type { Ids } from './look-up-ids.ts';
import { alter } from './outcome.ts';
import { isKept, ownLines } from './own-lines.ts';
import { type AttributeWish, attributeTrouble, saidBy } from './path-attributes.ts';
import { folderOf } from './paths.ts';
import { script } from './script-action.ts';
import { validateCommand } from './validate-command.ts';

/** Content that the host makes itself: the script fills `$lab_new`, which is there and empty; what it prints on standard error is told when it fails. */
export interface HostContent {
  readonly made: Script;
  /** As far as they are known before. */
  readonly size?: number;
  readonly sha1?: string;
}

/** A file that is to be replaced, or made, as a whole. */
export interface FileWrite {
  /** What is at its place; for one that was followed, the place a symbolic link leads to. */
  readonly dest: PathState;
  readonly content: Content | HostContent;
  readonly wish: AttributeWish;
  readonly ids: Ids;
  readonly call: Call;
  readonly backup?: boolean | undefined;
  /** A command that must accept the new file, which it knows as `%s`, before it takes its place. */
  readonly validate?: string | undefined;
  /** Writes into the old file where the new one cannot be moved into its place (`unsafe_writes`). */
  readonly unsafeWrites?: boolean | undefined;
  /** Done before anything else, such as making its folder. */
  readonly before?: readonly Action[];
  /** Known beside the file itself, such as folders made for it. */
  readonly predict?: readonly Prediction[];
  /** What the task comes to; also said in check mode, with what the file would be. */
  result(left: LeftFile): ModuleResult;
  /** The sentence for a `validate` that said no; default Ansible's for copy. */
  invalid?(ran: Ran): ModuleResult;
  /** The sentence for a host that could not make the content itself. */
  unmade?(ran: Ran): string;
}

/** A file as it is after writing. */
export interface LeftFile {
  readonly facts: PathFacts;
  /** The copy of the old file, where one was asked for and made. */
  readonly backup: string | undefined;
}

/**
 * Replaces a file whole: the new one is written beside its place, validated, given owner and permission bits (those wished, else those of the
 * old file, else what the host's umask leaves of 0666) and moved into its place; what fails before that leaves the old one as it was.
 */
export function writeFile(write: FileWrite): Planned {
  const { validate, before = [] } = write;
  const checking = validate === undefined ? undefined : validateCommand(validate);
  if (checking && 'problem' in checking)
    return { kind: 'done', result: { changed: false, failed: true, msg: checking.problem } };
  const way = planWay(write, checking);
  const actions = [...before, ...way.actions];
  const expected = { facts: expectedFacts(write), backup: undefined };
  const act = alter({
    actions,
    result: withWarnings(write.result(expected), write.ids),
    predict: [...(write.predict ?? []), predictFile(write, expected.facts)],
    failureValues: () => ({}),
    failure: (ran) => troubleOf(ran, write),
    next: (ran) => ({ kind: 'done', result: withWarnings(finish(ran.at(-1), write), write.ids) }),
  });
  return { ...act, read: (ran) => refusalIn(ran, write, before.length) ?? act.read(ran) };
}

interface Way {
  readonly actions: readonly Action[];
}

/** What is uploaded and run. A file that the host makes itself is made, validated and moved by one script, which takes it away again when anything fails. */
function planWay(write: FileWrite, checking: Script | undefined): Way {
  const { content, dest, call } = write;
  const check: Script = {
    script: checking
      ? `(${checking.script}\n) || { printf 'lab-refused:%s\\n' "$?"; exit 68; }`
      : '',
    ...(checking && { shown: checking.shown ?? '' }),
  };
  if (!('made' in content)) {
    const upload = { kind: 'upload', variable: 'lab_new', content, beside: dest.path } as const;
    return {
      actions: [
        upload,
        script(sh`${ownLines(write)}
${check}
${installLines(write)}`),
      ],
    };
  }
  const folder = folderOf(dest.path);
  const fresh = `${folder === '/' ? '' : folder}/.labkit-${call.nonce}`;
  const make = sh`lab_new=${fresh}
trap 'rm -f -- "$lab_new"' EXIT
(umask 077; set -C; : >"$lab_new") || exit 65
(
${content.made}
) || exit 66
${ownLines(write)}
${check}
${installLines(write)}`;
  return { actions: [script(make)] };
}

function refusalIn(ran: readonly Ran[], write: FileWrite, at: number): Planned | undefined {
  const last = ran.at(-1);
  const code = /^lab-refused:(\d+)\n?$/m.exec(last?.stdout ?? '');
  if (!last || !code || last.exitCode !== 68 || ran.length <= at) return undefined;
  const stdout = last.stdout.replace(code[0], '');
  const refused = { ...last, exitCode: Number(code[1]), stdout };
  const values = { exit_status: refused.exitCode, stdout, stderr: last.stderr };
  const usual = { changed: false, failed: true, msg: 'failed to validate', values };
  return { kind: 'done', result: write.invalid?.(refused) ?? usual };
}

function withWarnings(result: ModuleResult, { warnings = [] }: Ids): ModuleResult {
  if (warnings.length === 0 || result.failed) return result;
  return { ...result, warnings: [...(result.warnings ?? []), ...warnings] };
}

function finish(ran: Ran | undefined, write: FileWrite): ModuleResult {
  const facts = readFacts(ran?.stdout ?? '');
  if (!facts)
    return { changed: true, failed: true, msg: `${write.dest.path} was not found after writing` };
  return write.result({ facts, backup: readBackup(ran?.stdout ?? '') });
}

function troubleOf(ran: Ran, write: FileWrite): string {
  const { path } = write.dest;
  const said = saidBy(ran);
  if (/No space left|Disk quota/.test(ran.stderr)) return `could not write ${path}: ${said}`;
  if (ran.exitCode === 64) return `Could not make backup of ${path}: ${said}`;
  if (ran.exitCode === 65) return `Could not replace file ${path}: ${said}`;
  if (ran.exitCode === 66) return write.unmade?.(ran) ?? said;
  if (ran.exitCode >= 61 && ran.exitCode <= 63) return attributeTrouble(ran, write.wish);
  return `could not write ${path}: ${said}`;
}

function installLines(write: FileWrite): Script {
  const { dest, backup, call, unsafeWrites } = write;
  const lines: Script = { script: backup && isKept(dest) ? backupScript(call.nonce).script : '' };
  const move: Script = {
    script: unsafeWrites
      ? 'mv -f -- "$lab_new" "$lab_path" 2>/dev/null || cat <"$lab_new" >"$lab_path" || exit 65'
      : 'mv -f -- "$lab_new" "$lab_path" || exit 65',
  };
  const { script: text } = sh`lab_path=${dest.path}
${lines}
${keepContext}
${move}
${printFacts}`;
  return { script: text };
}

// SELinux: a file that takes another's place takes its context too; a new one gets the one its place has by rule
const keepContext: Script = {
  script: `if [ -e /sys/fs/selinux/enforce ]; then
  if [ -e "$lab_path" ]; then chcon --reference="$lab_path" -- "$lab_new" 2>/dev/null || :
  else chcon "$(matchpathcon -n "$lab_path")" "$lab_new" 2>/dev/null || :; fi
fi`,
};

/** The bits a file has, for a sentence such as "write /etc/motd (12 bytes, mode 0644)". */
export function describeWrite(path: string, { facts }: LeftFile): string {
  return `write ${path} (${facts.size} bytes, mode ${modeText(facts.mode)})`;
}
