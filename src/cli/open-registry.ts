import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { LabError } from '../model/lab-error.ts';
import type { LedgerEntry, LedgerRow } from '../model/registration.ts';
import { chainStart, openRows, sealRow } from '../registry/chain.ts';
import { type KnownFrom, knownFrom } from '../registry/known-from.ts';
import { handEdit, type Occasion, planReconcile, startingState } from '../registry/reconcile.ts';
import { presentKinds, selectPresent } from '../registry/states.ts';
import { fingerprintFiles, fingerprintInventory } from '../store/inventory-fingerprint.ts';
import { type Ledger, openLedger } from '../store/ledger.ts';
import { anchorPath } from '../store/ledger-anchor.ts';
import {
  type FileChange,
  openRegistryLock,
  recoverChange,
  saveChange,
} from '../store/registry-change.ts';
import type { Context } from './context.ts';
import { brokenInventory, type LoadedInventory, loadInventory } from './load-hosts.ts';
import { makeRunIdentity } from './run-identity.ts';

/** The register, open for reading: hand edits of the inventory are filed, interrupted changes are ended. */
export interface Registry {
  readonly ledger: Ledger;
  readonly occasion: Occasion;
  readonly knownFrom: KnownFrom;
}

/** The register, held for a change: nobody else changes it until the command ends. */
export interface HeldRegistry extends Registry {
  readonly loaded: LoadedInventory;
  /** Writes the files and files the entries: both, or neither. Throws LabError 'refused' where a file is no longer what was read. */
  save(files: readonly FileChange[], entries: readonly LedgerEntry[]): Promise<LedgerRow[]>;
  /** The same, with the inventory as it is after a change. */
  reload(): Promise<HeldRegistry>;
}

const fingerprint = 'inventory';

/** SHA-256 as hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Opens the register to read; only when the inventory changed since the last time is it read again. */
export async function openRegistry(context: Context): Promise<Registry> {
  const { ledger, occasion } = await openProjectLedger(context);
  await refuseCutLedger(ledger);
  const seen = await fingerprintInventory(context.settings.inventories);
  const isSeen = seen !== undefined && ledger.loadMark(fingerprint) === seen;
  if (!isSeen || ledger.loadJournal() !== null) {
    await using _ = await openRegistryLock(ledger.folder, occasion.who);
    await recover(context, ledger, occasion);
    const loaded = await loadInventory(context);
    if (errorsOf(loaded).length === 0) await reconcile(context, ledger, occasion, loaded);
    else
      context.io.stderr.write(
        'warning: the inventory has errors, so it was not compared with the ledger; lab inventory validate shows them\n',
      );
  }
  return { ledger, occasion, knownFrom: readKnownFrom(ledger) };
}

/** Opens the register for a change. An inventory with errors is refused whole. */
export async function holdRegistry(context: Context): Promise<HeldRegistry> {
  const { ledger, occasion } = await openProjectLedger(context);
  const loaded = await takeRegistry(context, ledger, occasion);
  const errors = errorsOf(loaded);
  if (errors.length > 0) throw brokenInventory(errors);
  await reconcile(context, ledger, occasion, loaded);
  return makeHeld(context, ledger, occasion, loaded);
}

/** Opens the register for an edit of the inventory that need not be about owners; undefined where no ledger is kept, or the inventory has errors that the edit may be about to mend. */
export async function holdRegistryIfKept(context: Context): Promise<HeldRegistry | undefined> {
  if (!existsSync(anchorPath(context.settings.stateFolder))) return undefined;
  const { ledger, occasion } = await openProjectLedger(context);
  const loaded = await takeRegistry(context, ledger, occasion);
  if (ledger.last() === undefined || errorsOf(loaded).length > 0) return undefined;
  await reconcile(context, ledger, occasion, loaded);
  return makeHeld(context, ledger, occasion, loaded);
}

/** Takes the lock until the command ends, ends what was interrupted, and reads the inventory. */
async function takeRegistry(
  context: Context,
  ledger: Ledger,
  occasion: Occasion,
): Promise<LoadedInventory> {
  const lock = await openRegistryLock(ledger.folder, occasion.who);
  context.defer(async () => lock[Symbol.asyncDispose]());
  await recover(context, ledger, occasion);
  await refuseCutLedger(ledger);
  return loadInventory(context);
}

function makeHeld(
  context: Context,
  ledger: Ledger,
  occasion: Occasion,
  loaded: LoadedInventory,
): HeldRegistry {
  return {
    ledger,
    occasion,
    knownFrom: readKnownFrom(ledger),
    loaded,
    save: async (files, entries) => {
      const texts = new Map(files.map(({ path, after }) => [path, after]));
      const written = loaded.raw.files.map(({ path, text }) => ({
        path,
        text: texts.get(path) ?? text,
      }));
      const rows = await saveChange(ledger, occasion.who, { files, entries }, () =>
        ledger.saveMark(fingerprint, fingerprintFiles(written)),
      );
      return openRows(rows);
    },
    reload: async () => makeHeld(context, ledger, occasion, await loadInventory(context)),
  };
}

/** Opens the project's ledger; it is closed with the command. */
export async function openProjectLedger(
  context: Context,
): Promise<{ ledger: Ledger; occasion: Occasion }> {
  const { who, since } = makeRunIdentity(context);
  const ledger = openLedger(context.settings.stateFolder, (entry, seq, previous) =>
    sealRow(entry, seq, previous === '' ? chainStart : previous, sha256),
  );
  context.defer(() => ledger.close());
  // From the beginning: a missing file is then always a sign.
  if (ledger.last() === undefined && (await ledger.anchor()) === undefined)
    await ledger.saveAnchor({ seq: 0, hash: chainStart });
  return { ledger, occasion: { at: since, who } };
}

function errorsOf({ problems }: LoadedInventory) {
  return problems.filter(({ severity }) => severity === 'error');
}

async function recover({ io }: Context, ledger: Ledger, { who }: Occasion): Promise<void> {
  const recovery = await recoverChange(ledger, who);
  if (recovery === 'finished')
    io.stderr.write('an interrupted change was in the inventory already; its row was filed now\n');
  if (recovery === 'edited-since')
    io.stderr.write(
      'a change was interrupted, and the inventory was edited since; what it says now is filed as a hand edit\n',
    );
}

async function reconcile(
  { io, settings }: Context,
  ledger: Ledger,
  occasion: Occasion,
  { raw, inventory }: LoadedInventory,
): Promise<void> {
  const seen = fingerprintFiles(raw.files);
  if (ledger.loadMark(fingerprint) === seen && ledger.last() !== undefined) return;
  const isFirst = ledger.last() === undefined;
  const entries = planReconcile(
    loadPresent(ledger),
    inventory.hosts,
    occasion,
    isFirst ? startingState : handEdit(occasion),
  );
  await ledger.append(entries, () => ledger.saveMark(fingerprint, seen));
  if (entries.length === 0) return;
  const inventories = settings.inventories.join(', ');
  io.stderr.write(
    isFirst
      ? `the ledger begins with the ${entries.length} hosts of ${inventories}\n`
      : `${inventories} was edited by hand: ${entries.length} ${entries.length === 1 ? 'host' : 'hosts'} filed as such\n`,
  );
}

/** What the ledger says of now, by host. */
export function loadPresent(ledger: Ledger) {
  return selectPresent(
    openRows(ledger.loadLatest(presentKinds)),
    openRows(ledger.loadByKind('purge', 'correct')),
  );
}

function readKnownFrom(ledger: Ledger): KnownFrom {
  return knownFrom(ledger.first(), openRows(ledger.loadByKind('purge')));
}

/** A row written behind a cut end would hide the cut. */
async function refuseCutLedger(ledger: Ledger): Promise<void> {
  const anchor = await ledger.anchor();
  const row = anchor && ledger.loadRow(anchor.seq);
  const isWhole = anchor && (anchor.seq === 0 || row?.hash === anchor.hash);
  if (isWhole) return;
  throw new LabError(
    'refused',
    anchor
      ? `the ledger is not the one that was last written: row ${anchor.seq} is missing or was replaced`
      : `${ledger.folder}/ledger.anchor is missing, so nobody can tell whether rows were cut off the ledger`,
    `find out with lab registry verify; to go on with the ledger as it is, write its last row and hash into ${ledger.folder}/ledger.anchor`,
  );
}
