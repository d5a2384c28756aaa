import { dirname } from 'node:path';
import { main } from './main.ts';
import { openProcessIo } from './process-io.ts';

process.exitCode = await main(process.argv.slice(2), openProcessIo(dirname(import.meta.dirname)));
