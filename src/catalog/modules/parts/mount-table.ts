interface MountLine {
  readonly parent: string;
  readonly device: string;
  readonly root: string;
  readonly point: string;
  readonly source: string;
}

/** What proc(5) calls mountinfo: mounts by id, later ones over earlier ones. */
export type MountTable = ReadonlyMap<string, MountLine>;

/** Parses /proc/self/mountinfo. */
export function parseMounts(text: string): MountTable {
  const mounts = new Map<string, MountLine>();
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [id, parent, device, root, point] = left.split(' ');
    if (id === undefined || parent === undefined || device === undefined || point === undefined)
      continue;
    const source = right.split(' ')[1] ?? '';
    mounts.set(id, {
      parent,
      device,
      root: unescapeField(root ?? '/'),
      point: unescapeField(point),
      source: unescapeField(source),
    });
  }
  return mounts;
}

/** Whether something is mounted there. A bind mount of the same file system counts only when it is of that source. */
export function isMounted(table: MountTable, points: readonly string[], src?: string): boolean {
  return Array.from(table.values()).some((mount) => {
    if (!points.includes(mount.point)) return false;
    const above = table.get(mount.parent);
    const isOtherDevice = above === undefined || above.device !== mount.device;
    return src === undefined || isOtherDevice || sourcesOf(table, mount).includes(src);
  });
}

/** Whether what is mounted there comes from that source. */
export function isSameSource(table: MountTable, points: readonly string[], src: string): boolean {
  return Array.from(table.values()).some(
    (mount) => points.includes(mount.point) && sourcesOf(table, mount).includes(src),
  );
}

// a bind mount's source is a path: where its root can be seen through other mounts of the device
function sourcesOf(table: MountTable, mount: MountLine): readonly string[] {
  const seen = Array.from(table.values())
    .filter((other) => other !== mount && other.device === mount.device)
    .filter((other) => other.root === '/' || `${mount.root}/`.startsWith(`${other.root}/`))
    .map((other) => {
      const below = other.root === '/' ? mount.root : mount.root.slice(other.root.length);
      return `${other.point}${below}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
    });
  return [mount.source, ...seen];
}

function unescapeField(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
