import { stat } from 'node:fs/promises';

/** Does one thing as root again, such as starting dnsmasq anew, and gives root up at once. */
export type AsRoot = <T>(work: () => T) => T;

/** Acts as the owner of the state folder from here on, where this process is root and the owner is not. Root stays within reach of `AsRoot` only: dnsmasq must be startable again. The answer's `user` is the uid that acts now. */
export async function giveUpRoot(
  stateFolder: string,
): Promise<{ readonly asRoot: AsRoot; readonly user: number }> {
  const own = process.geteuid?.() ?? -1;
  const owner = await stat(stateFolder);
  if (own !== 0 || owner.uid === 0 || !process.seteuid || !process.setegid || !process.setgroups)
    return { asRoot: (work) => work(), user: own };
  process.setgroups([]);
  process.setegid(owner.gid);
  process.seteuid(owner.uid);
  const asRoot: AsRoot = (work) => {
    process.seteuid?.(0);
    process.setegid?.(0);
    try {
      return work();
    } finally {
      process.setegid?.(owner.gid);
      process.seteuid?.(owner.uid);
    }
  };
  return { asRoot, user: owner.uid };
}
