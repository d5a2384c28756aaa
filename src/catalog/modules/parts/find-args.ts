import { bool, int, str, texts } from '../../../model/arguments.ts';

/** The arguments of `find`. */
export interface FindArgs {
  readonly paths: readonly string[];
  readonly patterns: readonly string[];
  readonly excludes: readonly string[] | undefined;
  readonly contains: string | undefined;
  readonly read_whole_file: boolean;
  readonly file_type: string;
  readonly age: string | undefined;
  readonly age_stamp: string;
  readonly size: string | undefined;
  readonly recurse: boolean;
  readonly hidden: boolean;
  readonly follow: boolean;
  readonly get_checksum: boolean;
  readonly use_regex: boolean;
  readonly depth: number | undefined;
}

export const findArgs = {
  paths: texts({ required: true, aliases: ['name', 'path'] }),
  patterns: texts({ fallback: [], aliases: ['pattern'] }),
  excludes: texts({ aliases: ['exclude'] }),
  contains: str(),
  read_whole_file: bool({ fallback: false }),
  file_type: str({ fallback: 'file', choices: ['any', 'directory', 'file', 'link'] }),
  age: str(),
  age_stamp: str({ fallback: 'mtime', choices: ['atime', 'ctime', 'mtime'] }),
  size: str(),
  recurse: bool({ fallback: false }),
  hidden: bool({ fallback: false }),
  follow: bool({ fallback: false }),
  get_checksum: bool({ fallback: false }),
  use_regex: bool({ fallback: false }),
  depth: int(),
};
