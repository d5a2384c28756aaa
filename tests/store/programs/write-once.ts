/** Writes a file once: `write-once.ts FILE TEXT`. */
import { writeFileWhole } from '../../../src/store/write-file.ts';

const [path = '', text = ''] = process.argv.slice(2);
await writeFileWhole(path, text);
