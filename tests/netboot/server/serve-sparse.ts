import { open } from 'node:fs/promises';
import { openBootServer } from '../../../src/netboot/server/open-boot-server.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeDesk } from './boot-rig.ts';

// A boot server in a process of its own, whose memory can be told: serves one sparse file as asset and as image, prints its port.
const [path = '', bytesText = '0'] = process.argv.slice(2);
const bytes = Number(bytesText);
const file = await open(path, 'w');
await file.truncate(bytes);
await file.close();
const sha256 = 'e'.repeat(64);
const imageFile = {
  name: 'root.tar.zst',
  role: 'root-archive' as const,
  bytes,
  contentBytes: 0,
  sha256,
  chunkBytes: 16 * 1024 * 1024,
  chunks: [],
};
const image = {
  schema: 'lab.image/1' as const,
  name: 'debian-12',
  kind: 'archive' as const,
  title: '',
  arch: 'amd64' as const,
  madeAt: '',
  origin: {},
  layout: [],
  files: [imageFile],
  packages: [],
  stamp: sha256,
};
const promised = { kind: 'ok', host: makeHost('a07'), chosen: { image } };
const desk = makeDesk({ authorizeImage: async () => promised as never });
const server = await openBootServer({
  desk,
  listen: { host: '127.0.0.1', port: 0 },
  publicUrl: '',
  findAsset: (_, name) => (name === 'big' ? { path, bytes, sha256 } : undefined),
  findImageFile: () => path,
  propose: async () => [],
  now: () => performance.now(),
  limits: { headersTimeoutMs: 2000, requestTimeoutMs: 3000 },
  site: {
    sshKeys: [],
    findAsset: () => undefined,
    localGrub: undefined,
    localBootOf: () => '',
    menuSeconds: 5,
  },
});
process.stdout.write(`${server.port}\n`);
process.on('SIGTERM', () => void server.close());
