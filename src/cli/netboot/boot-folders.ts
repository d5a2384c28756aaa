import { join } from 'node:path';
import type { Settings } from '../settings.ts';

/** Where network boot keeps what it needs, under the state folder. */
export interface BootFolders {
  /** Pinned files, by their SHA-256. */
  readonly assets: string;
  readonly images: string;
  readonly deploymentSystem: string;
  /** The site's own boot loaders, which win over the distribution's. */
  readonly loaders: string;
  /** dnsmasq's configuration, leases and what else it needs while it runs. */
  readonly service: string;
}

/** The folders of a project. */
export function bootFolders({ stateFolder }: Pick<Settings, 'stateFolder'>): BootFolders {
  return {
    assets: join(stateFolder, 'assets'),
    images: join(stateFolder, 'images'),
    deploymentSystem: join(stateFolder, 'deployment-system'),
    loaders: join(stateFolder, 'loaders'),
    service: join(stateFolder, 'netboot'),
  };
}
