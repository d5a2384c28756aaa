import { decodeText } from '../../../model/display.ts';
import type { Diff, PathState, SourceFile } from '../../../model/module.ts';

/** The most bytes of a file that Ansible shows differences of (its `max_diff_size`). */
export const maxDiffBytes = 104_448;

/** What a file is to hold: bytes, or a file of the controller of which only a part may be known here. */
export type NewContent = { readonly bytes: Uint8Array } | { readonly source: SourceFile };

interface Replacement {
  readonly old: PathState;
  readonly path: string;
  readonly content: NewContent;
  /** Where the new content comes from, as shown above it. */
  readonly from: string;
}

/** The difference that replacing a file makes, as Ansible shows it; what is binary or too large is left out with its words. */
export function contentDiff({ old, path, content, from }: Replacement): Diff {
  const size = 'bytes' in content ? content.bytes.length : content.source.size;
  const fresh = 'bytes' in content ? content.bytes : content.source.content;
  const before = old.kind === 'file' || old.kind === 'hard' ? old.content : new Uint8Array();
  const trouble =
    troubleOf('destination', old.kind === 'absent' ? 0 : old.size, before) ??
    troubleOf('source', size, fresh);
  if (trouble !== undefined) return { prepared: trouble };
  return {
    before: textOfBytes(before),
    after: textOfBytes(fresh),
    beforeHeader: path,
    afterHeader: from,
  };
}

function troubleOf(
  side: 'source' | 'destination',
  size: number,
  bytes: Uint8Array | undefined,
): string | undefined {
  if (size > maxDiffBytes || bytes === undefined)
    return `diff skipped: ${side} file size is greater than ${maxDiffBytes}`;
  return bytes.subarray(0, 8192).includes(0)
    ? `diff skipped: ${side} file appears to be binary`
    : undefined;
}

const textOfBytes = (bytes: Uint8Array | undefined): string =>
  decodeText(bytes ?? new Uint8Array()).text;

/** Attributes before and after, as Ansible's json output has them: keys sorted, indented. */
export function attributeDiff(
  before: { readonly [name: string]: unknown },
  after: { readonly [name: string]: unknown },
  headers: Pick<Diff, 'beforeHeader' | 'afterHeader'> = {},
): Diff {
  return { before: renderSorted(before), after: renderSorted(after), ...headers };
}

function renderSorted(values: { readonly [name: string]: unknown }): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? '' : `${JSON.stringify(Object.fromEntries(sorted), null, 4)}\n`;
}
