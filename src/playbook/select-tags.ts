/** Whether a task with these tags (inherited ones among them) runs under `--tags` and `--skip-tags`, by Ansible's rules for `all`, `tagged`, `untagged`, `always` and `never`. No `--tags` is `all`. */
export function selectByTags(
  taskTags: readonly string[],
  tags: readonly string[],
  skipTags: readonly string[],
): boolean {
  const own = taskTags.length === 0 ? ['untagged'] : taskTags;
  const only = tags.length === 0 ? ['all'] : tags;
  const isTagged = own.some((tag) => tag !== 'untagged');
  return isChosen(own, isTagged, only) && !isSkipped(own, isTagged, skipTags);
}

function isChosen(own: readonly string[], isTagged: boolean, only: readonly string[]): boolean {
  if (own.includes('always') || own.some((tag) => only.includes(tag))) return true;
  if (own.includes('never')) return false;
  return only.includes('all') || (only.includes('tagged') && isTagged);
}

function isSkipped(own: readonly string[], isTagged: boolean, skip: readonly string[]): boolean {
  if (skip.includes('all')) return !own.includes('always') || skip.includes('always');
  return own.some((tag) => skip.includes(tag)) || (skip.includes('tagged') && isTagged);
}
