import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeAfter, modeText, needsUmask } from '../../../src/catalog/modules/parts/file-mode.ts';

const python = `
import json, os, stat, sys
from ansible.module_utils.basic import AnsibleModule
class S: pass
out = []
for wished, mode, folder, umask in json.load(sys.stdin):
    s = S(); s.st_mode = mode | (stat.S_IFDIR if folder else stat.S_IFREG)
    os.umask(umask)
    out.append(AnsibleModule._symbolic_mode_to_octal(s, wished))
print(json.dumps(out))
`;

const perms = fc.oneof(
  fc.subarray(['r', 'w', 'x', 'X', 's', 't']).map((letters) => letters.join('')),
  fc.constantFrom('u', 'g', 'o'),
);
const clause = fc
  .tuple(
    fc.constantFrom('', 'a', 'u', 'g', 'o', 'ug', 'go', 'uo', 'ugo'),
    fc.array(fc.tuple(fc.constantFrom('+', '-', '='), perms), { minLength: 1, maxLength: 3 }),
  )
  .map(([who, steps]) => who + steps.map((step) => step.join('')).join(''));
const wished = fc.array(clause, { minLength: 1, maxLength: 3 }).map((all) => all.join(','));
const wish = fc.tuple(
  wished,
  fc.integer({ min: 0, max: 0o7777 }),
  fc.boolean(),
  fc.constantFrom(0o022, 0o077, 0o002),
);

const seed = 2026;

describe('permission bits', () => {
  it('come out of letters as Ansible works them out', () => {
    const cases = fc.sample(wish, { numRuns: 500, seed });
    const answer = execFileSync('/usr/bin/python3', ['-c', python], {
      input: JSON.stringify(cases),
    });
    const theirs = JSON.parse(answer.toString()) as number[];
    for (const [index, each] of cases.entries())
      expect({ each, mode: modeAfter(...each) }).toEqual({ each, mode: theirs[index] });
    expect(theirs.length).toBe(500);
  });

  it('are octal digits where they are written so', () => {
    expect(modeAfter('0640', 0o777, false)).toBe(0o640);
    expect(modeAfter('2775', 0, true)).toBe(0o2775);
    expect(modeText(0o640)).toBe('0640');
    expect(modeText(0o4755)).toBe('04755');
    expect(modeText(0)).toBe('0000');
  });

  it('need the umask only where nobody is named', () => {
    expect(needsUmask('+x')).toBe(true);
    expect(needsUmask('u+x,=r')).toBe(true);
    expect(needsUmask('a+x,u=g')).toBe(false);
    expect(needsUmask('0644')).toBe(false);
    expect(needsUmask(undefined)).toBe(false);
  });
});
