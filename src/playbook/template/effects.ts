import type { Value } from '../../model/value.ts';

export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** What a path of the controller is, links followed; `broken` is a link that leads nowhere. */
export interface ControllerPath {
  readonly kind: 'file' | 'directory' | 'other' | 'broken';
  readonly isLink: boolean;
}

/** What templates may ask the controller for. All are answered at once; paths are absolute. */
export interface TemplateEffects {
  /** A file's text (UTF-8); undefined when there is none. */
  readText(path: string): string | undefined;
  /** Undefined when nothing is there. */
  pathAt(path: string): ControllerPath | undefined;
  /** Names in a folder, sorted; empty when there is none. */
  listFolder(path: string): readonly string[];
  /** A path with all links resolved; what is not there stays as it is. */
  realPath(path: string): string;
  env(name: string): string | undefined;
  /** Runs a command of the controller and answers what it printed; throws with what it said when it failed. Absent: `lookup('pipe')` is refused. */
  pipe?(command: string): string;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** From 0 up to, not including, 1. Good enough for passwords. */
  random(): number;
  digest(algorithm: DigestName, bytes: Uint8Array): Uint8Array;
  /** Reads YAML documents as PyYAML types them; throws an Error whose message says what is wrong. */
  parseYaml(text: string): readonly Value[];
  /** Writes a new file, mode 0600, with its folders (`lookup('password')`). Absent: passwords are only read. */
  savePassword?(path: string, text: string): void;
}
