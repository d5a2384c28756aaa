import type { AnyModule } from '../../model/module.ts';
import { loadEntries } from '../catalog.ts';
import type { Io } from '../io.ts';

/** Every module of the catalog by its short name and its other names. */
export async function loadModules({ programFolder }: Io): Promise<ReadonlyMap<string, AnyModule>> {
  const modules = await loadEntries<AnyModule>(programFolder, 'catalog/modules');
  return new Map(
    modules.flatMap((module) =>
      [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const),
    ),
  );
}
