import { readFileSync } from 'node:fs';

/** Prints the counts of test runs as one plain line, and fails when a run told nothing or CI skipped anything: there, every tool is to be had. */
const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (name: string): number =>
  reports.reduce((total, report) => total + Number(report[name]), 0);
const [passed, failed] = [sum('numPassedTests'), sum('numFailedTests')];
const skipped = sum('numPendingTests') + sum('numTodoTests');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (process.env['CI'] === 'true' && skipped > 0) {
  console.error('tests were skipped in CI');
  process.exitCode = 1;
}
if (reports.length === 0 || reports.some(({ numPassedTests }) => numPassedTests === 0))
  process.exitCode = 1;
