/** Takes a lock and keeps it until it is killed: `hold-lock.ts FILE WHO`. */
import { openFileLock } from '../../../src/store/lock-file.ts';

const [path = '', who = ''] = process.argv.slice(2);
await openFileLock(path, who);
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
