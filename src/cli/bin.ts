#!/usr/bin/env node
import { openCompileCache } from './compile-cache.ts';

openCompileCache(process.env);
// Only what is loaded from here on comes out of the cache.
await import('./start.ts');
