import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCpio } from '../../../src/imaging/deployment/cpio.ts';

describe('the archive of programs for an initramfs', () => {
  const files = [
    { path: 'labkit/main.sh', mode: 0o755, text: '#!/bin/sh\necho Grüße\n' },
    { path: 'labkit/leased', mode: 0o755, text: '' },
    { path: 'scripts/deploy', mode: 0o644, text: 'x'.repeat(1000) },
  ];

  it('is unpacked by cpio as it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-cpio-'));
    try {
      execFileSync('cpio', ['-i', '--quiet'], { cwd: folder, input: renderCpio(files) });
      for (const { path, mode, text } of files) {
        expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
        expect(statSync(join(folder, path)).mode & 0o777).toBe(mode);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is the same each time, and ends at a whole block', () => {
    expect(renderCpio(files)).toEqual(renderCpio(files));
    expect(renderCpio(files).length % 512).toBe(0);
  });
});
