/** Loads ssh2 at first use: it costs a third of the start of the whole program. */
export async function loadSsh2(): Promise<typeof import('ssh2')> {
  const { default: ssh2 } = await import('ssh2');
  return ssh2;
}
