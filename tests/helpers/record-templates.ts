import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askAnsible, fixtures, readCases } from './template-cases.ts';

// Run with `node tests/helpers/record-templates.ts` where ansible-core 2.14 is installed: writes down what it makes of every case.
const recorded: { [file: string]: { [key: string]: unknown } } = {};
for (const [name, cases] of readCases()) {
  const answers = askAnsible(cases);
  recorded[name] = Object.fromEntries(
    cases.map(({ kind, text }, index) => [`${kind} ${text}`, answers[index]]),
  );
}
writeFileSync(join(fixtures, 'recorded.json'), `${JSON.stringify(recorded, undefined, 1)}\n`);
