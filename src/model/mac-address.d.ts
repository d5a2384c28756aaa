/** The package brings no types; only what model/mac.ts uses is declared. */
declare module 'mac-address' {
  /** Writes the six octets of `text` (`##:##:##:##:##:##`) into `buffer`. */
  export function toBuffer(text: string, buffer: Buffer): Buffer;
  /** Six octets as lower-case text with colons. */
  // biome-ignore lint/suspicious/noShadowRestrictedNames: the package's own name for it
  export function toString(buffer: Buffer): string;
}
