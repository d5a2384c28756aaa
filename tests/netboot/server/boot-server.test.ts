import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getRaw, makeDesk, openRig, sendRaw } from './boot-rig.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-boot-server-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const secretText = 'root:x:0:0:top-secret';
const content = Buffer.from('0123456789'.repeat(1000));
const sha256 = createHash('sha256').update(content).digest('hex');

async function makeFiles() {
  const path = join(folder, 'vmlinuz');
  await writeFile(path, content);
  await writeFile(join(folder, 'secret'), secretText);
  return { path, bytes: content.length, sha256 };
}

describe('the boot server', () => {
  it('greets a PC by its MAC address in any spelling with a script that names nobody', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    for (const spelling of [
      '52%3A54%3a00%3A12%3A34%3A56',
      '52:54:00:12:34:56',
      '52-54-00-12-34-56',
      '525400123456',
      '5254.0012.3456',
      '52-54-00-AB-CD-EF',
    ]) {
      const answer = await fetch(`${server.url}/boot/${spelling}`);
      const text = await answer.text();
      expect([answer.status, text.startsWith('#!ipxe\n')], spelling).toEqual([200, true]);
      expect(text).not.toMatch(/52[:-]?54/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(desk.asked[0]).toEqual(['greet', '52:54:00:12:34:56', '127.0.0.1']);
    expect(desk.asked[5]).toEqual(['greet', '52:54:00:ab:cd:ef', '127.0.0.1']);
    expect(desk.refused).toEqual([]);
  });

  it('hands the desk what a PC says of itself, posted or asked, plain or hexadecimal', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    const query =
      'mac=52-54-00-12-34-56&uuid=01234567-89AB-cdef-0123-456789abcdef&hex_serial=534e2d31&hex_manufacturer=4c656e6f766f203130302526&hex_product=&platform=efi&buildarch=x86_64&secureboot=&ip=10.1.0.9&netmask=255.255.255.0&gateway=10.1.0.1%20init%3D/bin/sh&dns=';
    await fetch(`${server.url}/boot/script?${query}`);
    await fetch(`${server.url}/boot/script`, {
      method: 'POST',
      body: new URLSearchParams({
        mac: '52:54:00:12:34:56',
        serial: 'A\u0000B',
        platform: 'pcbios',
        secureboot: '1',
      }),
    });
    expect(desk.asked[0]).toEqual([
      'script',
      {
        mac: '52:54:00:12:34:56',
        uuid: '01234567-89ab-cdef-0123-456789abcdef',
        serial: 'SN-1',
        manufacturer: 'Lenovo 100%&',
        model: '',
        firmware: 'uefi-x64',
        secureBoot: false,
        address: '127.0.0.1',
      },
      // A word that is no address would be a word of the kernel line.
      { address: '10.1.0.9', netmask: '255.255.255.0', gateway: '', dns: '' },
    ]);
    expect(desk.asked[1]?.[1]).toMatchObject({ serial: 'A B', firmware: 'bios', secureBoot: true });
  });

  it('serves the files of its map, whole or in ranges, and nothing after an entity tag that changed', async () => {
    const file = await makeFiles();
    const desk = makeDesk();
    await using server = await openRig(desk, {
      findAsset: (sha, name) => (sha === sha256 && name === 'vmlinuz' ? file : undefined),
    });
    const url = `${server.url}/boot/asset/${sha256}/vmlinuz`;
    const get = async (headers: { [name: string]: string } = {}, method = 'GET') => {
      const answer = await fetch(url, { headers, method });
      return {
        status: answer.status,
        range: answer.headers.get('content-range'),
        length: answer.headers.get('content-length'),
        body: await answer.text(),
      };
    };
    const all = content.toString();
    expect(await get()).toEqual({ status: 200, range: null, length: '10000', body: all });
    expect(await get({}, 'HEAD')).toEqual({ status: 200, range: null, length: '10000', body: '' });
    expect(await get({ range: 'bytes=5-9' })).toEqual({
      status: 206,
      range: 'bytes 5-9/10000',
      length: '5',
      body: '56789',
    });
    expect(await get({ range: 'bytes=9998-' })).toMatchObject({ status: 206, body: '89' });
    expect(await get({ range: 'bytes=-3' })).toMatchObject({ status: 206, body: '789' });
    expect(await get({ range: 'bytes=9999-99999' })).toMatchObject({ status: 206, body: '9' });
    expect(await get({ range: 'bytes=10000-' })).toMatchObject({
      status: 416,
      range: 'bytes */10000',
      body: '',
    });
    expect(await get({ range: 'bytes=5-9', 'if-range': `"${sha256}"` })).toMatchObject({
      status: 206,
    });
    expect(await get({ range: 'bytes=5-9', 'if-range': '"older"' })).toMatchObject({
      status: 200,
      body: all,
    });
    expect(desk.refused).toEqual([]);
  });

  it('does not send a symbolic link or a file whose length changed, and notes it', async () => {
    const file = await makeFiles();
    const link = join(folder, 'link');
    await symlink(join(folder, 'secret'), link);
    const desk = makeDesk();
    const short = join(folder, 'short');
    await writeFile(short, content);
    await truncate(short, 9999);
    await using server = await openRig(desk, {
      findAsset: (_, name) => ({ ...file, path: join(folder, name) }),
    });
    for (const name of ['link', 'short', 'gone', '.']) {
      const answer = await getRaw(server.port, `/boot/asset/${sha256}/${name}`);
      expect(answer, name).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).not.toContain('secret');
      expect(answer).not.toContain('0123456789');
    }
    expect(desk.refused).toHaveLength(4);
  });

  it('ends a target whose image is not there any more, or has another length: waiting would not mend it', async () => {
    const { path } = await makeFiles();
    const files = ['vmlinuz', 'gone'].map((name) => ({ name, bytes: 10_001, sha256 }));
    const chosen = { image: { name: 'debian-12', files } };
    const desk = makeDesk({ authorizeImage: async () => ({ kind: 'ok', chosen }) as never });
    await using server = await openRig(desk, {
      findImageFile: (_, name) => (name === 'vmlinuz' ? path : join(folder, name)),
    });
    const ask = async (name: string) =>
      (
        await fetch(`${server.url}/boot/image/debian-12/${name}`, {
          headers: { range: 'bytes=0-9' },
        })
      ).status;
    expect([await ask('vmlinuz'), await ask('gone')]).toEqual([416, 404]);
    expect(desk.refused.map(({ reason }) => reason.replace(folder, ''))).toEqual([
      '/vmlinuz has 10000 bytes, 10001 were expected',
      '/gone cannot be read (ENOENT)',
    ]);
  });

  it('gives nothing for names that are not in its map: traversal, encodings, links, lengths', async () => {
    await makeFiles();
    const desk = makeDesk();
    await using server = await openRig(desk, {
      limits: { refusals: { burst: 1e6, perSecond: 1 } },
    });
    const wild = [
      '/',
      '/boot',
      '/boot/',
      '/boot//',
      '//boot/health',
      '/boot/health/',
      '/boot/asset/',
      `/boot/asset/${sha256}/`,
      `/boot/asset/${sha256}/..`,
      `/boot/asset/${sha256}/../../../etc/passwd`,
      `/boot/asset/${sha256}/..%2f..%2f..%2fetc%2fpasswd`,
      `/boot/asset/${sha256}/%2e%2e%2f%2e%2e%2fetc%2fpasswd`,
      `/boot/asset/${sha256}/%252e%252e%252fetc%252fpasswd`,
      `/boot/asset/${sha256}/..\\..\\etc\\passwd`,
      `/boot/asset/${sha256}/%5c..%5cetc%5cpasswd`,
      `/boot/asset/${sha256}/vmlinuz%00.txt`,
      `/boot/asset/${sha256}/%00`,
      `/boot/asset/${sha256}/%ff%fe`,
      `/boot/asset/${sha256}/%`,
      `/boot/asset/${sha256}/%zz`,
      '/boot/asset/../secret',
      '/boot/asset/..;/secret',
      '/boot/../../../../etc/passwd',
      '/boot/%2e%2e/%2e%2e/etc/passwd',
      '/boot/..%c0%af..%c0%afetc/passwd',
      '/etc/passwd',
      'http://127.0.0.1/etc/passwd',
      '/boot/image/debian-12/root.tar.zst/../../secret',
      '/boot/__proto__',
      '/boot/constructor',
      '/boot/52:54:00:12:34',
      '/boot/ff:ff:ff:ff:ff:ff',
      `/boot/${'a'.repeat(10_000)}`,
      `/boot/asset/${sha256}/${'n'.repeat(2000)}`,
    ];
    for (const path of wild) {
      const answer = await getRaw(server.port, path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer, path).not.toMatch(/root:|top-secret|ENOENT|node_modules|\.ts/);
      const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
      expect(body.length, path).toBeLessThan(100);
    }
    expect(desk.refused).toHaveLength(wild.length);
    expect(desk.asked).toEqual([]);
  });

  it('cuts off a name of 64 KB and what is no HTTP, and notes both', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    expect(await getRaw(server.port, `/boot/${'a'.repeat(65_536)}`)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await sendRaw(server.port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(server.port, Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]))).toMatch(
      /^HTTP\/1\.1 400 |^$/,
    );
    expect(desk.refused).toHaveLength(3);
  });

  it('refuses other methods, other kinds of body and bodies over 64 KiB', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    const post = (body: string | URLSearchParams, headers: { [name: string]: string } = {}) =>
      fetch(`${server.url}/boot/script`, { method: 'POST', body, headers });
    expect((await fetch(`${server.url}/boot/script`, { method: 'DELETE' })).status).toBe(404);
    expect(
      (await fetch(`${server.url}/boot/health`, { method: 'POST', body: new URLSearchParams() }))
        .status,
    ).toBe(404);
    expect((await post('{"mac":1}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post(new URLSearchParams({ mac: 'x'.repeat(70_000) }))).status).toBe(413);
    expect((await post(new URLSearchParams({ serial: 'x' }))).status).toBe(400);
    expect(desk.asked).toEqual([]);
    expect(desk.refused).toHaveLength(5);
  });

  it('never lets HEAD read answers, jobs or scripts', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    for (const path of [
      '/boot/answers/tok/preseed.cfg',
      '/boot/script?mac=525400123456',
      '/boot/report/s?stage=installed',
    ])
      expect((await fetch(server.url + path, { method: 'HEAD' })).status).toBe(404);
    expect(desk.asked).toEqual([]);
  });

  it('keeps no secret in what it notes', async () => {
    const desk = makeDesk();
    await using server = await openRig(desk);
    await fetch(`${server.url}/boot/answers/short/x/y?token=query-secret`);
    await fetch(`${server.url}/boot/other/MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE`);
    await fetch(`${server.url}/boot/report/my-session?stage=none`);
    expect(desk.refused.map(({ asked }) => asked)).toEqual([
      'GET /boot/answers/…/x/y',
      'GET /boot/other/…',
      'GET /boot/report/…',
    ]);
  });

  it('says 503 without details and notes it when the desk itself breaks', async () => {
    const desk = makeDesk({
      script: () => Promise.reject(new Error('SQLITE_FULL at /srv/state/lab.sqlite')),
    });
    await using server = await openRig(desk);
    const answer = await fetch(`${server.url}/boot/script?mac=525400123456`);
    expect([answer.status, await answer.text()]).toEqual([503, 'the service is in trouble\n']);
    expect(desk.refused).toHaveLength(1);
  });

  it('says which port is busy', async () => {
    await using server = await openRig(makeDesk());
    await expect(
      openRig(makeDesk(), { listen: { host: '127.0.0.1', port: server.port } }),
    ).rejects.toThrow(`127.0.0.1 port ${server.port} is used by another program`);
  });
});
