import { describe, expect, it } from 'vitest';
import { becomeTrouble } from '../../src/transport/sudo.ts';
import { makeHost } from '../helpers/make-host.ts';

const trouble = (said: string) =>
  becomeTrouble(
    makeHost('a01'),
    'ghost',
    { push: (bytes) => bytes, started: () => false, said: () => said },
    true,
  ).message;

describe('why an account cannot be become', () => {
  it('is the unknown account, not what sudo complains about afterwards', () => {
    const said = 'sudo: unknown user ghost\nsudo: error initializing audit plugin sudoers_audit';
    expect(trouble(said)).toContain('could not become ghost: sudo: unknown user ghost');
  });

  it('is else the last that sudo said', () => {
    const said = 'Sorry, try again.\nsudo: 1 incorrect password attempt';
    expect(trouble(said)).toContain('sudo: 1 incorrect password attempt');
  });
});
