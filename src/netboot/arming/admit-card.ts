/** Whether a request may speak for a host with these MAC addresses: it came from one of its network cards, or from one that nobody can see (`card` is '' then: behind a router, a relay). */
export function admitCard(card: string, macs: readonly string[]): boolean {
  return card === '' || macs.includes(card);
}
