import type { Content, Prediction } from '../../../model/module.ts';
import { sha1Hex } from '../../../model/sha1.ts';
import { modeAfter } from './file-mode.ts';
import type { PathFacts } from './file-result.ts';
import { isKept, type Owning } from './own-lines.ts';
import { idOf } from './path-attributes.ts';
import type { HostContent } from './write-file.ts';

/** A file that is to be written. */
interface Expecting extends Owning {
  readonly content: Content | HostContent;
}

/** What a file would be after it was written. */
export function expectedFacts({ dest, content, wish, ids, call }: Expecting): PathFacts {
  const size = sizeOf(content);
  const root = call.user === 'root' || call.user === undefined;
  const fresh = {
    uid: root ? 0 : -1,
    gid: root ? 0 : -1,
    owner: call.user ?? 'root',
    group: call.user ?? 'root',
  };
  const base = isKept(dest) ? dest : { ...fresh, mode: 0o666 & ~(ids.umask ?? 0o022) };
  const { owner = base.owner, group = base.group } = wish;
  return {
    kind: 'file',
    mode: wish.mode === undefined ? base.mode : modeAfter(wish.mode, base.mode, false, ids.umask),
    uid: wish.owner === undefined ? base.uid : (ids.uid ?? idOf(owner) ?? -1),
    gid: wish.group === undefined ? base.gid : (ids.gid ?? idOf(group) ?? -1),
    owner,
    group,
    size,
  };
}

function sizeOf(content: Content | HostContent): number {
  if ('made' in content) return content.size ?? 0;
  return 'bytes' in content ? content.bytes.length : content.source.size;
}

/** The prediction of it, with its content as far as it is known. */
export function predictFile({ dest, content }: Expecting, facts: PathFacts): Prediction {
  const state = { ...facts, realPath: dest.path };
  if ('made' in content)
    return { path: dest.path, state: { ...state, checksum: content.sha1 ?? '' } };
  const bytes = 'bytes' in content ? content.bytes : content.source.content;
  const checksum = 'bytes' in content ? sha1Hex(content.bytes) : content.source.sha1;
  return { path: dest.path, state: { ...state, checksum, ...(bytes && { content: bytes }) } };
}
