/** A PIN with which the PCs of one room may be reinstalled from their boot menu. The digits themselves are kept nowhere. */
export interface BootPin {
  readonly room: string;
  /** Hex; the hash is scrypt's (RFC 7914). */
  readonly salt: string;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Wrong PINs that may still be typed. */
  readonly triesLeft: number;
  readonly madeAt: number;
  /** Who asked for it: a login with its machine. */
  readonly madeBy: string;
}

/** Where PINs are kept, one a room; every call is one transaction. */
export interface BootPinStore {
  /** Replaces the room's PIN. */
  save(pin: BootPin): void;
  /** Spends one try before anything is compared, so that two at once cannot share one; undefined where the room has no PIN, or it is over (`now`, milliseconds since 1970), or no try is left. */
  spendTry(room: string, now: number): BootPin | undefined;
  /** Gives the try of a right PIN back, while the room still has this one. */
  giveBack(pin: BootPin): void;
  /** Takes a room's PIN away. */
  remove(room: string): void;
}
