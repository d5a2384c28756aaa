import { request } from 'node:http';
import { renderAnswers } from '../../src/cli/netboot/open-desk.ts';
import type { DiskRule } from '../../src/model/boot.ts';
import { readOptions } from '../../src/model/options.ts';
import type { AnyProfile, ChosenProfile } from '../../src/model/profile.ts';
import { openRig } from '../netboot/server/boot-rig.ts';
import { openDeskRig } from './desk-rig.ts';

const sshKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ3 zhang@office'];
const asset = { sha256: 'a'.repeat(64), name: 'file' };
const query =
  'mac=52:54:00:00:00:07&uuid=11111111-2222-3333-4444-555555555507&serial=SN07&platform=pcbios';

/** A boot service with a07 armed for a profile, and a PC that asks it. */
export async function openArmed(profile: AnyProfile, disk: DiskRule = { by: 'only' }) {
  const written = { share: '\\\\files\\windows', mirror: 'http://mirror.example/os' };
  const own = Object.entries(written).filter(([name]) => name in profile.options);
  const { options } = readOptions(profile.options, Object.fromEntries(own));
  const chosen: ChosenProfile = {
    ...{ name: profile.name, profile, options, origin: 'a test', playbook: '', suite: '' },
  };
  let server = '';
  const rig = openDeskRig({
    loadProfile: async (order) => ({ chosen, digest: order.profileDigest }),
    renderAnswers: (input) => renderAnswers(input, server, sshKeys),
  });
  rig.arm({ profile: profile.name, disk });
  const http = await openRig(rig.desk, {
    site: {
      sshKeys,
      findAsset: () => asset,
      localGrub: undefined,
      localBootOf: () => '',
      menuSeconds: 5,
    },
  });
  server = `http://127.0.0.1:${http.port}`;
  const get = (path: string, from = '127.0.0.1') => ask(`${server}${path}`, from);
  return {
    ...{ rig, get },
    script: async () => (await get(`/boot/script?${query}`)).text,
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function ask(url: string, localAddress: string): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    request(url, { localAddress, agent: false }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.once('end', () =>
        done({ status: reply.statusCode ?? 0, text: Buffer.concat(parts).toString() }),
      );
    })
      .once('error', fail)
      .end();
  });
}

/** Where a boot script says that answers are read: in the kernel's arguments, or as files for wimboot. */
export const answersAt = (script: string): string =>
  /http:\/\/[^/\s]*(\/boot\/answers\/[\w-]{43})\//.exec(script)?.[1] ?? '';
