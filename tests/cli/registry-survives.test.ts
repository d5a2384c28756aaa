import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdRegistry, loadPresent, openProjectLedger } from '../../src/cli/open-registry.ts';
import { openRows, verifyChain } from '../../src/registry/chain.ts';
import { registrationOf } from '../../src/registry/registration.ts';
import { makeProject, openBareContext, type Project, roomOf } from '../helpers/registry-project.ts';
import { bundleProgram, endOf, startProgram } from '../store/programs/start.ts';

let project: Project;
let program: string;
beforeEach(async () => {
  project = makeProject(roomOf(60));
  program = await bundleProgram('register-loop', project.folder);
});
afterEach(() => project.remove());

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Starts as the next command would, and compares inventory and ledger. */
async function expectAgreement(): Promise<{ rows: number; said: string }> {
  let said = '';
  await using context = openBareContext(project, (text) => {
    said += text;
  });
  const { ledger, loaded } = await holdRegistry(context);
  const inventory = new Map(
    loaded.inventory.hosts.map((host) => [host.name, registrationOf(host)]),
  );
  expect(new Map(loadPresent(ledger))).toEqual(inventory);
  expect(verifyChain(ledger.walk(), await ledger.anchor(), sha256)).toBeUndefined();
  expect(ledger.loadByKind('edit')).toEqual([]);
  expect(ledger.loadJournal()).toBeNull();
  return { rows: ledger.last()?.seq ?? 0, said };
}

describe('a change of the register', () => {
  it('is in the inventory and in the ledger, or in neither, after kill -9 at 200 random moments', async () => {
    await expectAgreement();
    let finished = 0;
    let rows = 60;
    for (let kill = 0; kill < 200; kill += 1) {
      const child = await startProgram(
        program,
        project.file,
        project.state,
        String(kill % 58),
        '3',
      );
      await sleep(Math.random() * 250);
      child.kill('SIGKILL');
      await endOf(child);
      const found = await expectAgreement();
      if (found.said.includes('interrupted')) finished += 1;
      expect(found.rows).toBeGreaterThanOrEqual(rows);
      rows = found.rows;
    }
    // Otherwise no kill fell between the two halves, and nothing was shown.
    expect(finished).toBeGreaterThan(0);
    expect(rows).toBeGreaterThan(80);
    // What the last kill left behind, the next change takes away.
    const last = await startProgram(program, project.file, project.state, '0', '3', '1');
    expect(await endOf(last)).toBe(0);
    expect(readdirSync(`${project.folder}/inventories`)).toEqual(['school.yaml']);
  }, 900_000);

  it('is not lost among 20 writers of 25 changes each', async () => {
    await expectAgreement();
    const writers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        startProgram(program, project.file, project.state, String(index * 3), '3', '25'),
      ),
    );
    expect(await Promise.all(writers.map(endOf))).toEqual(writers.map(() => 0));
    const { rows } = await expectAgreement();
    expect(rows).toBe(60 + 20 * 25);
    await using context = openBareContext(project);
    const { ledger } = await openProjectLedger(context);
    const owners = openRows([...ledger.walk()])
      .slice(60)
      .map(({ after }) => after?.owner.id);
    const expected = writers.flatMap(({ pid }) =>
      Array.from({ length: 25 }, (_, at) => `${pid}-${at}`),
    );
    expect(owners.sort()).toEqual(expected.sort());
  }, 900_000);
});
