import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { explainSystemTrouble } from '../../src/cli/system-trouble.ts';

const thrownBy = (work: Promise<unknown>) => work.catch((error: unknown) => error);

it('calls a full disk and a foreign folder by their names', async () => {
  const full = explainSystemTrouble(await thrownBy(writeFile('/dev/full', 'x')));
  expect(full).toMatchObject({ kind: 'environment', message: 'the disk is full' });
  const copied = Object.assign(new Error('x'), { code: 'ENOSPC', path: '/a', dest: '/b/c' });
  expect(explainSystemTrouble(copied)?.message).toBe('cannot write /b/c: the disk is full');
  const denied = Object.assign(new Error('x'), { code: 'EACCES', path: '/srv/lab/.lab' });
  expect(explainSystemTrouble(denied)?.message).toBe('no permission: /srv/lab/.lab');
});

it('leaves what it does not know to those who look for bugs', async () => {
  expect(explainSystemTrouble(await thrownBy(mkdir('/proc/1')))).toBeUndefined();
  expect(explainSystemTrouble(new TypeError('x'))).toBeUndefined();
  expect(explainSystemTrouble('x')).toBeUndefined();
});
