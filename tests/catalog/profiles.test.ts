import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../src/cli/catalog.ts';
import type { Firmware } from '../../src/model/boot.ts';
import { readOptions } from '../../src/model/options.ts';
import type { AnyProfile, ProfileContext } from '../../src/model/profile.ts';
import type { Vars } from '../../src/model/value.ts';
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
  return {
    host: makeHost('a07', { mac: '52:54:00:00:00:07', macs, ip: '10.1.0.7' }),
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
        /\$(?:1|2[aby]?|5|6|7|y)\$|password-crypted password|<PlainText>true/,
      );
  });
});
