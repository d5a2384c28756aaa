let loading: Promise<typeof import('ssh2')> | undefined;

/** Loads ssh2 at first use: it costs a third of the start of the whole program. */
export function loadSsh2(): Promise<typeof import('ssh2')> {
  loading ??= import('ssh2').then((module) => module.default);
  return loading;
}
