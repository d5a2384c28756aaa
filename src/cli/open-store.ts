import { openStore, type Store } from '../store/store.ts';
import type { Context } from './context.ts';

/** Opens the project's store; it is closed with the command. */
export async function openProjectStore(context: Context): Promise<Store> {
  const store = await openStore(context.settings.stateFolder);
  context.defer(() => store.close());
  return store;
}
