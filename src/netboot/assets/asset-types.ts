/** What a download is handed. */
export interface FetchEffects {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** A mirror that sends nothing for so long is given up. */
  readonly stallMs: number;
  /** Told how far a file is; `total` is 0 where the mirror does not say. */
  onBytes?(done: number, total: number): void;
}

/** A file that was found to be what it is pinned as, just now. */
export interface FoundAsset {
  readonly name: string;
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Runs a program of this machine to its end and gives what it printed; throws LabError when it is not there or fails. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  call?: { readonly cwd?: string; readonly signal?: AbortSignal },
) => Promise<string>;

/** What the asset store is handed. */
export interface AssetEffects extends FetchEffects {
  /** Where files are kept, by their digest. */
  readonly folder: string;
  /** Where `image build-system` leaves the deployment system. */
  readonly deploymentFolder: string;
  /** What the build wrote down as the SHA-256 (hex) of a file of it; undefined where none was made. */
  deploymentDigest(file: string): Promise<string | undefined>;
  readonly runProgram: RunProgram;
}
