import { entryOf, type LocatedMap } from '../model/located.ts';
import type { Play, Rings } from '../model/playbook.ts';
import { isNothing, type PlayLoading, reportTo } from './loading.ts';
import { readSizes } from './play-words.ts';
import { readKeyword, readNumber, readWord } from './read-keyword.ts';
import { refuseUnknown } from './refuse-words.ts';

const ringWords = new Set(['waves', 'suite', 'max_failed']);

/** `rings:` of a play: sizes of waves, or a mapping with `waves`, `suite` and `max_failed`. */
export function readRings(node: LocatedMap, play: PlayLoading): Pick<Play, 'rings'> {
  const entry = entryOf(node, 'rings');
  if (!entry || isNothing(entry.value)) return {};
  const map = entry.value.kind === 'map' ? entry.value : undefined;
  const found = map ? readKeyword(map, 'waves', play) : readKeyword(node, 'rings', play);
  if (map) refuseUnknown(map, ringWords, 'rings', play);
  if (found === undefined) {
    reportTo(play.loading)(
      entry.value,
      'bad-value',
      '"rings" has no waves',
      'write waves: [1, 25%, 100%]',
    );
    return {};
  }
  const sizes = readSizes(found, 'rings', play);
  return { rings: { sizes, ...(map && readGate(map, play)), ...defaultGate(map, play) } };
}

function readGate(map: LocatedMap, play: PlayLoading): Pick<Rings, 'suite'> {
  const suite = readWord(map, 'suite', play);
  return typeof suite === 'string' ? { suite } : {};
}

function defaultGate(map: LocatedMap | undefined, play: PlayLoading): Pick<Rings, 'maxFailed'> {
  const written = map && readNumber(map, 'max_failed', play);
  return { maxFailed: typeof written === 'number' ? written : 0 };
}
