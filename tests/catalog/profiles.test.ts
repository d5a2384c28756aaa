import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../src/cli/catalog.ts';
import type { Firmware } from '../../src/model/boot.ts';
import { readOptions } from '../../src/model/options.ts';
import type { AnswerFile, AnyProfile, ProfileContext } from '../../src/model/profile.ts';
import type { Vars } from '../../src/model/value.ts';
import { selectDisk } from '../../src/netboot/reinstall/disk-rule.ts';
import { lintKickstart } from '../helpers/lint-kickstart.ts';
import { makeHost } from '../helpers/make-host.ts';

const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'profiles');
const profiles: AnyProfile[] = [];
for (const name of await listEntries(program, 'catalog/profiles'))
  profiles.push(await loadEntry<AnyProfile>(program, 'catalog/profiles', name));

/** One case: settings as a site writes them, and what the boot loader told; what comes of it lies beside it. */
interface Case {
  readonly name: string;
  readonly title: string;
  readonly options?: Vars;
  readonly firmware?: Firmware;
  readonly network?: ProfileContext<unknown>['network'];
  readonly disk?: Vars;
}

function loadCases({ name }: AnyProfile): Case[] {
  const folder = join(fixtures, name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      name: file.slice(0, -'.yaml'.length),
      ...parse(readFileSync(join(folder, file), 'utf8')),
    }));
}

function contextOf(profile: AnyProfile, one: Case): ProfileContext<unknown> {
  const { options, problems } = readOptions(profile.options, one.options ?? {});
  expect(problems).toEqual([]);
  const macs = [{ addr: '52:54:00:00:00:07', role: 'wired', primary: true } as const];
  const host = makeHost('a07', {
    mac: '52:54:00:00:00:07',
    macs,
    ip: '10.1.0.7',
    vars: one.disk === undefined ? {} : { disk: one.disk },
  });
  const disk = selectDisk(host, { profile });
  if ('problem' in disk) throw new Error(disk.problem);
  return {
    host,
    disk: disk.rule,
    options,
    firmware: one.firmware ?? 'uefi-x64',
    server: 'http://10.1.0.2:8080',
    answersUrl: 'http://10.1.0.2:8080/boot/answers/TOKEN',
    reportUrl: 'http://10.1.0.2:8080/boot/report/SESSION',
    sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ3 zhang@office'],
    network: one.network ?? {
      address: '10.1.0.7',
      netmask: '255.255.255.0',
      gateway: '10.1.0.1',
      dns: '10.1.0.2',
    },
  };
}

describe.each(profiles)('profile $name', (profile) => {
  const cases = loadCases(profile);

  it('says what it is for in one sentence, and so does each of its settings', () => {
    expect(profile.summary).toMatch(/^[A-Z].+\.$/);
    for (const option of Object.values<{ summary: string }>(profile.options))
      expect(option.summary).not.toBe('');
    expect(profile.notes.length).toBeGreaterThan(0);
    expect(profile.firmwares.length).toBeGreaterThan(0);
  });

  it.each(cases)('$title ($name): boots and answers as kept', async (one) => {
    const context = contextOf(profile, one);
    const boot = `${JSON.stringify(profile.boot(context), null, 2)}\n`;
    const assets = `${JSON.stringify(profile.assets(context.options), null, 2)}\n`;
    const kept = (file: string) => join(fixtures, profile.name, `${one.name}.kept`, file);
    await expect(boot).toMatchFileSnapshot(kept('boot.json'));
    await expect(assets).toMatchFileSnapshot(kept('assets.json'));
    for (const answer of profile.answers?.(context) ?? [])
      await expect(answer.text).toMatchFileSnapshot(kept(answer.name));
  });

  it.each(cases)('$title ($name): names only assets and answers that it has', (one) => {
    const context = contextOf(profile, one);
    const { kernel, initrds, args, wimboot = [] } = profile.boot(context);
    const assets = profile.assets(context.options).map(({ name }) => name);
    const answers = (profile.answers?.(context) ?? []).map(({ name }) => name);
    expect(new Set(assets).size).toBe(assets.length);
    if (kernel !== '') expect(assets).toContain(kernel);
    for (const initrd of initrds) expect(assets).toContain(initrd);
    for (const { asset, answers: answer } of wimboot) {
      if (asset !== undefined) expect(assets).toContain(asset);
      if (answer !== undefined) expect(answers).toContain(answer);
    }
    for (const word of args) expect(word).toMatch(/^[\x21-\x7e]+$/);
  });

  it.each(cases)('$title ($name): its answers hold no password and no hash of one', (one) => {
    for (const { text } of profile.answers?.(contextOf(profile, one)) ?? [])
      expect(text).not.toMatch(
        /\$(?:1|2[aby]?|5|6|7|y)\$[./\w]+\$|-crypted password (?!!$)|<Password>|rootpw (?!--lock)|passwd:/m,
      );
  });

  const answers = cases.flatMap((one) =>
    (profile.answers?.(contextOf(profile, one)) ?? []).map((file) => ({ ...file, of: one.name })),
  );

  const checked = answers.filter(({ validator }) => validator !== undefined);
  if (checked.length > 0)
    it.each(checked)(
      '$of: the program that knows $validator finds nothing wrong with $name',
      (file) => {
        expect(validate(file)).toBe('');
      },
    );

  const scripts = answers.flatMap((file) => shellOf(file).map((text) => ({ ...file, text })));
  if (scripts.length > 0)
    it.each(scripts)('$of: the scripts of $name are understood by a POSIX shell', ({ text }) => {
      for (const shell of ['dash', 'bash'])
        expect(call(shell, ['-n'], text)).toEqual({ status: 0, stdout: '', stderr: '' });
    });
});

const folder = mkdtempSync(join(tmpdir(), 'lab-answers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function call(program: string, args: readonly string[], input = '') {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** What the real program says of an answer file; '' when it finds nothing wrong. */
function validate({ name, text, validator }: AnswerFile): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  if (validator === 'kickstart') return lintKickstart(text).join('\n');
  const [program = '', ...args] = {
    preseed: ['debconf-set-selections', '-c', file],
    'cloud-config': ['cloud-init', 'schema', '--config-file', file],
    xml: ['xmllint', '--noout', file],
  }[validator ?? 'xml'];
  if (validator === 'cloud-config') {
    // The schema knows nothing below `autoinstall`; what is meant for the new system is cloud-config again.
    const inner = parse(text).autoinstall['user-data'];
    writeFileSync(`${file}-inner`, `#cloud-config\n${JSON.stringify(inner)}\n`);
    expect(call('cloud-init', ['schema', '--config-file', `${file}-inner`]).status).toBe(0);
  }
  const { status, stdout, stderr } = call(program, args);
  return status === 0 && !/error|warning|invalid/i.test(stdout + stderr) ? '' : stdout + stderr;
}

/** Shell scripts, and those inside a kickstart file or user-data. */
function shellOf({ name, text }: AnswerFile): string[] {
  if (name.endsWith('.sh')) return [text];
  if (name === 'ks.cfg')
    return [...text.matchAll(/^%(?:pre|post|onerror)\b.*\n([\s\S]*?)^%end$/gm)].map(
      ([, body = '']) => body,
    );
  if (name !== 'user-data') return [];
  const { autoinstall } = parse(text);
  return ['early-commands', 'late-commands', 'error-commands'].flatMap((key) => autoinstall[key]);
}
