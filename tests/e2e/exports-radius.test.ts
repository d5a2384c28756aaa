import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import freeradius from '../../src/catalog/exports/freeradius.ts';
import freeradiusMacs from '../../src/catalog/exports/freeradius-macs.ts';
import { macSpellings, spellMac } from '../../src/catalog/mac-spelling.ts';
import { canServe } from '../helpers/can-serve.ts';
import { writeExport } from '../helpers/write-export.ts';

const inventory = `
all:
  children:
    lab_a:
      vars: {room: {vlan: 110}}
      hosts:
        a01: {mac: "00:e0:4c:01:00:01"}
        a02: {mac: [{addr: "00:e0:4c:01:00:02"}, {addr: "00:e0:4c:01:00:fd", role: dock}]}
        a03: {mac: [{addr: "00:e0:4c:01:00:03"}, {addr: "00:e0:4c:01:00:fd", role: dock}]}
    office:
      hosts:
        o01: {mac: "00:e0:4c:05:00:01"}
`;
const stranger = '00:e0:4c:09:09:09';

/** A server that looks names up in one list and, for requests that say so (Call-Check), addresses in the other. */
function makeConfig(folder: string): string {
  return `
prefix = /usr
logdir = ${folder}
raddbdir = ${folder}
run_dir = ${folder}
libdir = /usr/lib/freeradius
regular_expressions = yes
extended_expressions = yes
log {
  destination = stdout
}
client nas {
  ipaddr = 127.0.0.1
  secret = testing123
}
modules {
  pap {
  }
  chap {
  }
  expr {
  }
  $INCLUDE /etc/freeradius/3.0/mods-available/always
  files users {
    key = "%{User-Name}"
    usersfile = ${folder}/users
  }
  files authorized_macs {
    key = "%{Calling-Station-Id}"
    usersfile = ${folder}/macs
  }
}
policy {
  $INCLUDE /etc/freeradius/3.0/policy.d/canonicalization
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = 1812
  }
  authorize {
    if (&Service-Type == Call-Check) {
      rewrite_calling_station_id
      authorized_macs
      if (ok) {
        update control {
          Auth-Type := Accept
        }
      }
      else {
        reject
      }
    }
    else {
      users
      chap
      pap
    }
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type CHAP {
      chap
    }
  }
}
`;
}

const canRun = canServe('freeradius', 'radclient');

describe.skipIf(!canRun)('a running FreeRADIUS with our lists', () => {
  const folder = mkdtempSync(join(tmpdir(), 'labkit-radius-'));
  const namespace = `labkit-r${process.pid}`;
  let server: ChildProcess | undefined;

  function run(args: readonly string[], input = '') {
    return spawnSync('ip', ['netns', 'exec', namespace, ...args], { input, encoding: 'utf8' });
  }

  /** What the server answers to a request: its kind, and the VLAN it says. */
  function ask(request: string): { answer: string; vlan: string } {
    const args = ['-x', '-r', '1', '-t', '5', '127.0.0.1', 'auth', 'testing123'];
    const { stdout } = run(['radclient', ...args], request);
    const received = stdout.slice(stdout.indexOf('Received'));
    return {
      answer: /Received (\S+)/.exec(stdout)?.[1] ?? stdout,
      vlan: /Tunnel-Private-Group-Id:?\d* = "(\d+)"/i.exec(received)?.[1] ?? '',
    };
  }

  const asUser = (name: string) => ask(`User-Name = "${name}"\nUser-Password = "${name}"\n`);
  const asChapUser = (name: string) => ask(`User-Name = "${name}"\nCHAP-Password = "${name}"\n`);
  const asStation = (address: string) =>
    ask(`User-Name = "x"\nService-Type = Call-Check\nCalling-Station-Id = "${address}"\n`);

  beforeAll(async () => {
    writeFileSync(join(folder, 'users'), writeExport(freeradius, inventory));
    writeFileSync(join(folder, 'macs'), writeExport(freeradiusMacs, inventory));
    writeFileSync(join(folder, 'radiusd.conf'), makeConfig(folder));
    spawnSync('ip', ['netns', 'add', namespace]);
    run(['ip', 'link', 'set', 'lo', 'up']);
    const args = ['-f', '-l', 'stdout', '-d', folder, '-n', 'radiusd'];
    server = spawn('ip', ['netns', 'exec', namespace, 'freeradius', ...args], { stdio: 'pipe' });
    for (let tries = 0; tries < 50 && asUser('x').answer !== 'Access-Reject'; tries++)
      await wait(100);
  });

  afterAll(async () => {
    if (server && server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    spawnSync('ip', ['netns', 'delete', namespace]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the lists as they stand (freeradius -XC), in every spelling of the addresses', () => {
    for (const spelling of macSpellings) {
      const users = writeExport(freeradius, inventory, { spelling });
      const macs = writeExport(freeradiusMacs, inventory, { spelling });
      const other = mkdtempSync(join(folder, 'check-'));
      writeFileSync(join(other, 'users'), users);
      writeFileSync(join(other, 'macs'), macs);
      writeFileSync(join(other, 'radiusd.conf'), makeConfig(other));
      const { status, stdout } = run(['freeradius', '-XC', '-d', other, '-n', 'radiusd']);
      expect(status, stdout.split('\n').slice(-5).join('\n')).toBe(0);
    }
  });

  it('accepts a listed address as name and password and puts it into its VLAN, by PAP and by CHAP', () => {
    const accepted = { answer: 'Access-Accept', vlan: '110' };
    expect(asUser('00e04c010001')).toEqual(accepted);
    expect(asChapUser('00e04c010001')).toEqual(accepted);
    expect(asUser('00e04c0100fd')).toEqual(accepted);
    expect(asUser('00e04c050001')).toEqual({ answer: 'Access-Accept', vlan: '' });
  });

  it('refuses an unlisted address, another spelling, and a listed address with another password', () => {
    const refused = { answer: 'Access-Reject', vlan: '' };
    expect(asUser(spellMac(stranger, 'aabbccddeeff'))).toEqual(refused);
    expect(asUser('00-E0-4C-01-00-01')).toEqual(refused);
    const wrong = ask('User-Name = "00e04c010001"\nUser-Password = "00e04c010002"\n');
    expect(wrong.answer).toBe('Access-Reject');
  });

  it('accepts a listed station in whatever spelling the switch sends, and refuses any other', () => {
    for (const spelling of macSpellings) {
      expect(asStation(spellMac('00:e0:4c:01:00:02', spelling)), spelling).toEqual({
        answer: 'Access-Accept',
        vlan: '110',
      });
      expect(asStation(spellMac(stranger, spelling)).answer, spelling).toBe('Access-Reject');
    }
  });
});
