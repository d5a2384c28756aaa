import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiskRule } from '../../../src/model/boot.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Image } from '../../../src/model/image.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import type { JobInput } from '../../../src/netboot/boot-desk-types.ts';
import { renderJob } from '../../../src/netboot/texts/job.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { parseJob } from './parse-job.ts';

const chunks = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const image: Image = {
  schema: 'lab.image/1',
  name: 'debian-12',
  kind: 'archive',
  title: '',
  arch: 'amd64',
  madeAt: '',
  origin: {},
  layout: [
    { role: 'esp', mebibytes: 256, filesystem: 'vfat', grows: false },
    { role: 'root', mebibytes: 4096, filesystem: 'ext4', grows: true },
  ],
  files: [
    {
      name: 'root.tar.zst',
      role: 'root-archive',
      bytes: 40_000_000,
      contentBytes: 0,
      sha256: 'f'.repeat(64),
      chunkBytes: 16_777_216,
      chunks,
    },
  ],
  packages: [],
  stamp: 'd'.repeat(64),
};

interface Wish {
  readonly host?: Partial<Host>;
  readonly disk?: DiskRule;
  readonly image?: Image | undefined;
  readonly kind?: 'archive' | 'rescue';
  readonly options?: unknown;
}

function makeInput(wish: Wish = {}): JobInput {
  const options = wish.options ?? {
    domain: 'lab.example',
    timezone: 'Asia/Shanghai',
    locale: 'zh_CN.UTF-8',
    keymap: 'us',
    user: '',
    after: 'reboot',
  };
  const order = {
    id: '1',
    run: 'r',
    host: 'a07',
    macs: [],
    uuid: '',
    serial: '',
    profile: 'debian-12',
    profileDigest: '',
    disk: wish.disk ?? { by: 'only' },
    armedAt: 0,
    expiresAt: 1,
  } as const;
  const room = { ...makeRoom('lab_a') };
  return {
    host: makeHost('a07', { seat: 'A-07', room, ...wish.host }),
    arming: { ...openArming(order), told: { firmware: 'uefi-x64' } },
    chosen: {
      name: 'debian-12',
      profile: { kind: wish.kind ?? 'archive' } as never,
      options,
      origin: '',
      playbook: '',
      suite: '',
      ...('image' in wish ? (wish.image ? { image: wish.image } : {}) : { image }),
    },
    session: 's'.repeat(43),
    token: 't'.repeat(43),
    now: 1_795_456_800_999,
  };
}

function makeRoom(name: string) {
  const at = { file: '', line: 1, column: 1 };
  const texts = { title: '', kind: '', maintainer: '', subnet: '', gateway: '', vlan: '' };
  return { name, ...texts, columns: 0, lessons: null, at };
}

const site = {
  server: 'http://10.1.0.2:8080',
  sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 tech one', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE6'],
};

describe('the job of a target', () => {
  it('says what the protocol says, in its order, and ends with end', () => {
    expect(renderJob(makeInput(), site)).toBe(`job lab.job/1
host a07
seat A-07
room lab_a
server http://10.1.0.2:8080
session ${'s'.repeat(43)}
now 1795456800
disk only
kind archive
image debian-12
stamp ${'d'.repeat(64)}
bytes 40000000
partition esp 256 vfat -
partition root 4096 ext4 grows
file root.tar.zst root-archive 40000000 16777216 0
chunk root.tar.zst 0 ${chunks[0]}
chunk root.tar.zst 1 ${chunks[1]}
chunk root.tar.zst 2 ${chunks[2]}
hostname a07
domain lab.example
timezone Asia/Shanghai
locale zh_CN.UTF-8
keymap us
after reboot
sshkey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 tech one
sshkey ssh-ed25519 AAAAC3NzaC1lZDI1NTE6
firmware uefi
end
`);
  });

  it('names the disk by its fingerprint, a serial number with blanks too', () => {
    const disk = {
      by: 'fingerprint',
      serial: ' S6 XX 12 ',
      wwn: '',
      bytes: 256_060_514_304,
    } as const;
    expect(parseJob(renderJob(makeInput({ disk }), site)).get('disk')).toEqual([
      'fingerprint S6 XX 12 - 256060514304',
    ]);
  });

  it('has nothing to write for a rescue system', () => {
    const job = parseJob(renderJob(makeInput({ kind: 'rescue', image: undefined }), site));
    expect(job.get('kind')).toEqual(['rescue']);
    expect(job.get('sshkey')).toHaveLength(2);
    for (const key of ['disk', 'image', 'partition', 'file', 'chunk'])
      expect(job.has(key), key).toBe(false);
  });

  it('comes back value by value, whatever the texts are, or is refused for a control character', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(text, text, (seat, serial) => {
        const disk = { by: 'fingerprint', serial, wwn: '5000', bytes: 7 } as const;
        const hasControl = /[\p{Cc}\u2028\u2029]/u.test(seat + serial.trim());
        const render = () => renderJob(makeInput({ host: { seat }, disk }), site);
        if (hasControl) {
          expect(render).toThrow(/cannot stand in a job as (seat|disk)/);
          return;
        }
        const job = parseJob(render());
        expect(job.get('seat') ?? ['']).toEqual([seat]);
        expect(job.get('disk')).toEqual([`fingerprint ${serial.trim() || '-'} 5000 7`]);
        expect(job.get('session')).toEqual(['s'.repeat(43)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not rendered without an image, or with chunk sums that do not fit', () => {
    expect(() => renderJob(makeInput({ image: undefined }), site)).toThrow('has no image to write');
    const files = image.files.map((file) => ({ ...file, chunks: chunks.slice(1) }));
    const damaged = { ...image, files };
    expect(() => renderJob(makeInput({ image: damaged }), site)).toThrow(
      'root.tar.zst has 2 chunk sums, 3 are needed',
    );
  });

  it('is taken by the program of the deployment system that reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-job-'));
    try {
      const disk = { by: 'fingerprint', serial: 'S6 XX 12', wwn: '', bytes: 256 } as const;
      writeFileSync(join(folder, 'job.text'), renderJob(makeInput({ disk }), site));
      const program = join(import.meta.dirname, '../../../src/imaging/deployment/target/job.sh');
      const script = 'set -u; . "$1"; mkdir "$2/job"; parse_job "$2/job.text" "$2/job"';
      execFileSync('dash', ['-c', script, 'dash', program, folder], { encoding: 'utf8' });
      const read = (key: string) => readFileSync(join(folder, 'job', key), 'utf8');
      expect(read('disk')).toBe('fingerprint S6 XX 12 - 256\n');
      expect(read('sshkey').split('\n')).toEqual([...site.sshKeys, '']);
      expect(read('chunk').split('\n')).toHaveLength(4);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
