import { type Located, positionOf } from '../model/located.ts';
import type { Place } from './loading.ts';

/** The id of a block, a task or an include: the way to it as `file:line`, from the playbook on; further ones of a line are counted. */
export function makeId(node: Located, place: Place): string {
  const { ids } = place.play.loading;
  const plain = `${place.idPrefix}${placeName(node, place)}`;
  let id = plain;
  for (let count = 2; ids.has(id); count++) id = `${plain}#${count}`;
  ids.add(id);
  return id;
}

/** `file:line`, the file as it is named from the playbook's folder. */
export function placeName(node: Located, place: Pick<Place, 'play'>): string {
  const { file, line } = positionOf(node);
  const { root } = place.play.loading;
  const short = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  return `${short}:${line}`;
}
