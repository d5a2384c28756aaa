import type { Context } from '../context.ts';
import type { PreflightSteps } from './preflight.ts';

/** The real looks before anything is armed. */
export function openPreflight(_context: Context): PreflightSteps {
  return {
    findStrangers: async () => [],
    verifyAssets: async () => {},
  };
}
