import { lintInventory, lintRules } from '../../inventory/lint.ts';
import type { AnyExport } from '../../model/export.ts';
import { exitCodes, LabError } from '../../model/lab-error.ts';
import { renderProblemLines, tellLines } from '../../report/problem-lines.ts';
import { listEntries, pickEntry } from '../catalog.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, defineCommand } from '../define-command.ts';
import type { Rendered } from '../diff-export.ts';
import { readExportOptions } from '../export-options.ts';
import { type LoadedInventory, loadTargets } from '../load-hosts.ts';
import { rollBackExport, writeExport } from '../write-export.ts';

export default defineCommand({
  syntax: 'inventory export [format] [pattern]',
  summary: 'Write the register for DHCP servers, RADIUS, switches, Ansible, spreadsheets and more',
  description:
    'Writes a whole text to standard output or to --output-file; a file that is written over is kept beside it as NAME.TIME.bak. ' +
    'Nothing is written when the inventory has errors, or when its consumer would misread a line. --set asks for what a format can do; a name it does not have lists them.',
  options: [
    ['--set <settings>', 'settings of the format: KEY=VALUE,KEY=VALUE'],
    ['--diff <live-file>', 'what would change against what is live; with -o json as lab.diff/1'],
    ['--fail-on-change', 'with --diff: exit code 8 when something would change'],
    ['--undo', 'the lines that take it back; with --diff only what it would bring'],
    ['--rollback <file>', 'put the newest backup of a file back; again: one further back'],
  ],
  families: ['inventory', 'output', 'confirm'],
  examples: [
    'inventory export dnsmasq --output-file lab.conf',
    'inventory export huawei lab_a --set where=port,vlan=true --diff live.cfg',
    'inventory export ruijie lab_b --set check=true,uplinks=Gi0/25 --undo',
    'inventory export --rollback lab.conf',
  ],
  async run(context, [format, pattern], asked) {
    if (typeof asked['rollback'] === 'string') {
      refuseBeside(asked, format as string | undefined);
      await rollBackExport(context, asked['rollback']);
      return 0;
    }
    refuseMisfits(context, asked);
    const rendered = await renderExport(
      context,
      format as string | undefined,
      (pattern as string | undefined) ?? 'all',
      asked,
    );
    return typeof asked['diff'] === 'string'
      ? showDiff(context, rendered, asked['diff'], asked)
      : deliver(context, rendered, asked);
  },
});

async function renderExport(
  context: Context,
  format: string | undefined,
  pattern: string,
  { set }: CommandOptions,
): Promise<Rendered> {
  const { io, flags } = context;
  if (format === undefined) {
    const known = await listEntries(io.programFolder, 'catalog/exports');
    throw new LabError('usage', 'no format was named', `write one of ${known.join(', ')}`);
  }
  const entry = await pickEntry<AnyExport>(
    io.programFolder,
    'catalog/exports',
    format,
    'export format',
  );
  const options = readExportOptions(entry, typeof set === 'string' ? set : undefined);
  const { loaded, hosts } = await loadTargets(context, pattern);
  refuseAmbiguous(loaded);
  const at = new Date(io.now()).toISOString();
  const { inventory } = loaded;
  const content = entry.write(hosts, options, { inventory, at });
  const warnings = flags.quiet === true ? [] : (entry.warnings?.(hosts, options) ?? []);
  io.stderr.write(renderProblemLines(warnings.flatMap((text) => tellLines('warning', text, ''))));
  return { entry, options, hosts, inventory, content };
}

/** Of these the export itself sees only those among its own hosts; the network has the others, too. */
const ambiguous = new Set([
  'duplicate-mac',
  'duplicate-ip',
  'duplicate-host-name',
  'ip-is-gateway',
  'ip-reserved',
  'ip-outside-subnet',
]);

function refuseAmbiguous({ raw, inventory }: LoadedInventory): void {
  const rules = lintRules.filter(({ name }) => ambiguous.has(name));
  const problems = lintInventory(raw, inventory, rules);
  if (problems.length === 0) return;
  throw new LabError(
    'input',
    'addresses of the inventory contradict each other; nothing was written',
    'lab inventory validate shows all problems',
    { problems },
  );
}

async function deliver(
  context: Context,
  rendered: Rendered,
  { undo }: CommandOptions,
): Promise<number> {
  const { extension, carriesOwners } = rendered.entry;
  const content =
    undo === true
      ? (await import('../diff-export.ts')).renderTakingBack(rendered, undefined)
      : rendered.content;
  await writeExport(context, { content, extension, carriesOwners });
  return 0;
}

async function showDiff(
  context: Context,
  rendered: Rendered,
  live: string,
  { undo, failOnChange }: CommandOptions,
): Promise<number> {
  const { compareWithLive, renderTakingBack } = await import('../diff-export.ts');
  const comparison = await compareWithLive(context, rendered, live);
  if (undo === true) {
    const { extension, carriesOwners } = rendered.entry;
    const content = renderTakingBack(rendered, comparison);
    await writeExport(context, { content, extension, carriesOwners });
  } else {
    const { reportDiff } = await import('../../report/diff-report.ts');
    const { showReport } = await import('../show-report.ts');
    const at = new Date(context.io.now()).toISOString();
    await showReport(context, reportDiff(comparison, at, context.settings.lang));
  }
  const changes = comparison.differences.changes.length > 0;
  return failOnChange === true && changes ? exitCodes.changes : 0;
}

function refuseMisfits({ flags }: Context, { diff, undo, failOnChange }: CommandOptions): void {
  if (flags.output !== undefined && (diff === undefined || undo === true))
    throw new LabError(
      'usage',
      '-o is how a comparison is printed',
      'the format of an export is its first word: lab inventory export csv',
    );
  if (failOnChange === true && diff === undefined)
    throw new LabError('usage', '--fail-on-change needs a comparison', 'add --diff LIVE-FILE');
}

function refuseBeside(asked: CommandOptions, format: string | undefined): void {
  const others = ['set', 'diff', 'undo', 'failOnChange'].some((name) => asked[name] !== undefined);
  if (format === undefined && !others) return;
  throw new LabError(
    'usage',
    '--rollback FILE stands alone',
    'write lab inventory export --rollback FILE',
  );
}
