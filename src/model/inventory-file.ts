import type { Located } from './located.ts';

/** One file of an inventory as handed to the pure code: the rim (`store`) reads and, for YAML, parses it. */
export interface InventoryFile {
  readonly path: string;
  readonly role:
    | { readonly kind: 'source'; readonly format: 'yaml' | 'ini' }
    | {
        readonly kind: 'group_vars' | 'host_vars';
        /** The group or host it is for. */
        readonly name: string;
        readonly besidePlaybook?: boolean;
        /** The folder that group_vars/ or host_vars/ lies in: all of a folder read later wins over all of one read before. */
        readonly base?: string;
      };
  readonly text: string;
  /** The parsed document; undefined for INI and for YAML that could not be parsed. */
  readonly root?: Located;
}
