import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyModule, ModuleResult } from '../../../src/model/module.ts';
import type { Value } from '../../../src/model/value.ts';
import { openModuleRig } from '../../helpers/run-module.ts';
import {
  openThrowawayRoot,
  rootsMissing,
  type ThrowawayRoot,
} from '../../helpers/throwaway-root.ts';

// The base system of the simulated PCs has none of these programs, so the root lies over this machine's own system.
const inCi = process.env['CI'] === 'true';
const folders = ['/usr/local/bin', '/usr/bin', '/usr/sbin'];
const isHere = (name: string) => folders.some((folder) => existsSync(`${folder}/${name}`));
const describeWith = (names: readonly string[]) => {
  const missing = [rootsMissing(), ...names.filter((name) => !isHere(name))]
    .filter(Boolean)
    .join(', ');
  if (missing !== '' && !inCi) console.warn(`SKIPPED, not tested: ${missing}`);
  return describe.skipIf(missing !== '' && !inCi);
};

// There is no network in the root: npm shall not wait for one.
const npmSettings = {
  npm_config_audit: 'false',
  npm_config_fetch_retries: '0',
  npm_config_update_notifier: 'false',
};

let root: ThrowawayRoot;
beforeAll(async () => {
  if (rootsMissing() === '') root = await openThrowawayRoot({ base: '/', env: npmSettings });
});
afterAll(() => root?.close());

function must(script: string): void {
  const { exitCode, output } = root.run(script);
  expect(exitCode, output).toBe(0);
}

async function run(name: string, args: Value, checkMode = false): Promise<ModuleResult> {
  const { default: module } = (await import(`../../../src/catalog/modules/${name}.ts`)) as {
    default: AnyModule;
  };
  const rig = openModuleRig(() => root.connect(), { checkMode });
  try {
    return await rig.run({ module, args });
  } finally {
    await rig.close();
  }
}

/** Runs a module in check mode, for real, and once more: foreseen, done, then nothing left to do. */
async function expectChange(name: string, args: Value): Promise<ModuleResult> {
  const foreseen = await run(name, args, true);
  expect(foreseen, 'check mode').toMatchObject({ changed: true });
  const result = await run(name, args);
  expect(result.failed, result.msg).not.toBe(true);
  expect(result.changed).toBe(true);
  expect(await run(name, args), 'the second run').toMatchObject({ changed: false });
  expect(await run(name, args, true), 'check mode after it').toMatchObject({ changed: false });
  return result;
}

describeWith(['dnf', 'rpmbuild', 'createrepo_c'])('dnf over a repository of two packages', () => {
  beforeAll(() => {
    must(`mkdir -p /srv/rpms /srv/build && cd /srv/build || exit
for v in 1.0 1.1; do for n in labkit-chalk labkit-abacus; do
printf 'Name: %s\\nVersion: %s\\nRelease: 1\\nSummary: x\\nLicense: x\\nBuildArch: noarch\\nProvides: writing-%s\\n%%description\\nx\\n%%install\\nmkdir -p %%{buildroot}/usr/bin; echo %s >%%{buildroot}/usr/bin/%s\\n%%files\\n/usr/bin/%s\\n' "$n" "$v" "$n" "$v" "$n" "$n" >"$n.spec"
rpmbuild -bb --define '_rpmdir /srv/rpms' --define '_topdir /srv/build' "$n.spec" || exit
done; done
createrepo_c -q /srv/rpms
mkdir -p /etc/yum.repos.d; printf '[lab]\\nname=lab\\nbaseurl=file:///srv/rpms\\ngpgcheck=0\\n' >/etc/yum.repos.d/lab.repo`);
  });

  it('installs a version, takes files and capabilities for what they are, and upgrades to the latest', async () => {
    const result = await expectChange('dnf', { name: 'labkit-chalk-1.0' });
    expect(result.values).toMatchObject({ results: ['Installed: labkit-chalk-1.0-1.noarch'] });
    const known = { name: ['writing-labkit-chalk', '/usr/bin/labkit-chalk'] };
    expect(await run('dnf', known)).toMatchObject({ changed: false, msg: 'Nothing to do' });
    const latest = await expectChange('dnf', {
      name: ['labkit-chalk', 'labkit-abacus'],
      state: 'latest',
    });
    expect(latest.values).toMatchObject({
      results: ['Upgraded: labkit-chalk-1.1-1.noarch', 'Installed: labkit-abacus-1.1-1.noarch'],
    });
  });

  it('goes back to an older version only when allowed', async () => {
    const older = { name: 'labkit-chalk-1.0' };
    expect(await run('dnf', older)).toMatchObject({ changed: false });
    await expectChange('dnf', { ...older, allow_downgrade: true });
    await expectChange('dnf', { name: 'labkit-chalk >= 1.1' });
  });

  it('tells rpm packages as facts, works for package, and removes by pattern', async () => {
    const facts = await run('package_facts', { manager: ['rpm'] });
    expect(facts.facts?.['packages']).toMatchObject({
      'labkit-chalk': [
        { version: '1.1', release: '1', epoch: null, arch: 'noarch', source: 'rpm' },
      ],
    });
    await expectChange('package', { name: 'labkit-abacus', state: 'absent', use: 'dnf' });
    await expectChange('dnf', { name: 'labkit-*', state: 'absent' });
    expect(await run('dnf', { name: 'nosuch', state: 'absent' })).toMatchObject({ changed: false });
  });

  it('says which package nobody offers', async () => {
    const wanted = { failed: true, msg: /No package nosuch available/ };
    const { failed, msg } = await run('dnf', { name: 'nosuch' });
    expect(failed).toBe(wanted.failed);
    expect(msg).toMatch(wanted.msg);
    expect((await run('dnf', { name: 'nosuch' }, true)).msg).toMatch(wanted.msg);
  });
});

describeWith(['gpg', 'rpm', 'apt-key'])('keys made by gpg', () => {
  let ids: string[] = [];
  beforeAll(() => {
    const { output } = root.run(`export GNUPGHOME=/srv/gnupg; mkdir -m 700 /srv/gnupg
for n in one two; do gpg -q --batch --passphrase '' --quick-generate-key $n@example.org rsa2048 default never 2>/dev/null; done
gpg -q --armor --export one@example.org >/srv/one.asc; gpg -q --export two@example.org >/srv/two.gpg
for n in one two; do gpg --with-colons -k $n@example.org | grep ^fpr | head -n 1 | cut -d: -f10; done; gpgconf --kill all`);
    ids = output.match(/^[0-9A-F]{40}$/gm) ?? [];
  });

  it('are trusted by apt after apt_key, and no more after state: absent', async () => {
    const [one = ''] = ids;
    expect(one).toMatch(/^[0-9A-F]{40}$/);
    const result = await expectChange('apt_key', {
      url: 'file:///srv/one.asc',
      id: one.slice(-16),
    });
    expect(result.values).toMatchObject({ fp: one, short_id: one.slice(-8) });
    expect(root.run('apt-key list 2>/dev/null').output.replaceAll(' ', '')).toContain(one);
    await expectChange('apt_key', { id: one, state: 'absent' });
    expect(root.run('apt-key list 2>/dev/null').output.replaceAll(' ', '')).not.toContain(one);
  });

  it('go into a keyring of their own, which apt can read', async () => {
    const [one = '', two = ''] = ids;
    const keyring = '/etc/apt/keyrings/lab.gpg';
    await expectChange('apt_key', { file: '/srv/two.gpg', keyring });
    await expectChange('apt_key', { data: root.run('cat /srv/one.asc').output, keyring });
    const listed = root.run(`gpg --show-keys --with-colons ${keyring}`).output;
    expect(listed).toContain(one);
    expect(listed).toContain(two);
    await expectChange('apt_key', { id: one, keyring, state: 'absent' });
    await expectChange('apt_key', { id: two, keyring, state: 'absent' });
    expect(root.run(`test -e ${keyring}`).exitCode).toBe(1);
  });

  it('must be the key that was asked for, and a key at all', async () => {
    const other = await run('apt_key', { file: '/srv/two.gpg', id: '0x12345678' });
    expect(other).toMatchObject({
      failed: true,
      msg: `the offered key is ${ids[1]}, not 12345678`,
    });
    const none = await run('apt_key', { file: '/etc/passwd' });
    expect(none).toMatchObject({
      failed: true,
      msg: expect.stringContaining('holds no OpenPGP key'),
    });
  });

  it('sign a repository that deb822_repository then makes apt trust', async () => {
    must(`mkdir -p /srv/debs/tree/DEBIAN && cd /srv/debs
printf 'Package: slate\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.org>\\nDescription: x\\n' >tree/DEBIAN/control
dpkg-deb --root-owner-group --build tree slate.deb
{ dpkg-deb -f slate.deb; printf 'Filename: ./slate.deb\\nSize: %s\\nSHA256: %s\\n' "$(stat -c %s slate.deb)" "$(sha256sum slate.deb | cut -d' ' -f1)"; } >Packages
printf 'Origin: x\\nSuite: stable\\nDate: %s\\nSHA256:\\n %s %s Packages\\n' "$(date -Ru)" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
GNUPGHOME=/srv/gnupg gpg -q --batch --clearsign -u one@example.org -o InRelease Release; gpgconf --homedir /srv/gnupg --kill all
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*`);
    const source = { name: 'slates', uris: 'file:/srv/debs', suites: './' };
    await expectChange('deb822_repository', { ...source, signed_by: 'file:///srv/one.asc' });
    const apt = { name: 'slate', update_cache: true };
    expect(await run('apt', apt)).toMatchObject({ changed: true });
    must('rm /etc/apt/keyrings/slates.asc');
    await expectChange('deb822_repository', { ...source, signed_by: 'file:///srv/two.gpg' });
    const refused = await run('apt', { ...apt, update_cache_retries: 1 });
    expect(refused).toMatchObject({ failed: true });
    expect(refused.msg).toMatch(/Failed to update apt cache: .*(NO_PUBKEY|not signed)/s);
  });

  it('are trusted by rpm after rpm_key', async () => {
    const [one = ''] = ids;
    await expectChange('rpm_key', { key: '/srv/one.asc', fingerprint: one });
    await expectChange('rpm_key', { key: one, state: 'absent' });
    const wrong = await run('rpm_key', { key: '/srv/one.asc', fingerprint: 'AA BB' });
    expect(wrong).toMatchObject({ failed: true });
  });
});

describeWith(['flatpak'])('flatpak over a repository of one application', () => {
  beforeAll(() => {
    must(`mkdir -p /srv/app/files /srv/app/export
printf '[Application]\\nname=org.lab.Chalk\\nruntime=org.lab.Platform/x86_64/1\\n' >/srv/app/metadata
flatpak build-export /srv/flatpaks /srv/app 1
printf '[Flatpak Repo]\\nTitle=x\\nUrl=file:///srv/flatpaks\\n' >/srv/lab.flatpakrepo`);
  });

  it('adds a remote, installs from it, and takes both away again', async () => {
    const remote = { name: 'lab', flatpakrepo_url: '/srv/lab.flatpakrepo' };
    await expectChange('flatpak_remote', remote);
    await expectChange('flatpak', { name: 'org.lab.Chalk', remote: 'lab', no_dependencies: true });
    const unknown = await run('flatpak', { name: 'org.lab.None', remote: 'lab' });
    expect(unknown.msg).toMatch(/Nothing matches org\.lab\.None/);
    await expectChange('flatpak', { name: 'org.lab.Chalk', state: 'absent' });
    await expectChange('flatpak_remote', { ...remote, enabled: false });
    await expectChange('flatpak_remote', { name: 'lab', state: 'absent' });
  });
});

describeWith(['dconf', 'dbus-run-session'])('dconf', () => {
  it.each([
    ["'chalk and slate'", '"chalk and slate"'],
    ['uint32 5', 'uint32  5'],
    ["[('xkb','us'),('xkb', 'se')]", "[('xkb', 'us'), ('xkb', 'se')]"],
    ['@as []', '[]'],
    ['1.0', '1.00'],
  ])('sets %s, and knows %s for the same', async (value, same) => {
    const key = '/org/lab/value';
    await expectChange('dconf', { key, value });
    expect(await run('dconf', { key, value: same })).toMatchObject({ changed: false });
    await expectChange('dconf', { key, state: 'absent' });
  });

  it("sets YAML's own values, tells them, and refuses what is no value", async () => {
    const key = '/org/lab/switch';
    await expectChange('dconf', { key, value: true });
    expect((await run('dconf', { key, state: 'read' })).values).toEqual({ value: 'true' });
    expect(await run('dconf', { key, value: 'uint32 1' })).toMatchObject({ changed: true });
    expect(await run('dconf', { key, value: 1 }), 'another type').toMatchObject({ changed: true });
    expect(await run('dconf', { key, value: 'not a value' })).toMatchObject({ failed: true });
  });
});

describeWith(['pip3', 'virtualenv', 'locale-gen'])('pip over a folder of wheels', () => {
  const common = {
    virtualenv: '/srv/env',
    extra_args: '--no-index --find-links /srv/wheels',
  };
  beforeAll(() => {
    must(`mkdir -p /srv/wheels && /usr/bin/python3 - <<'EOF'
import zipfile
for v in ('1.0', '1.2'):
    d = f'labkit_chalk-{v}.dist-info'
    with zipfile.ZipFile(f'/srv/wheels/labkit_chalk-{v}-py3-none-any.whl', 'w') as z:
        z.writestr('labkit_chalk.py', f'v = "{v}"')
        z.writestr(d + '/METADATA', f'Metadata-Version: 2.1\\nName: labkit-chalk\\nVersion: {v}\\n')
        z.writestr(d + '/WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        z.writestr(d + '/RECORD', f'labkit_chalk.py,,\\n{d}/METADATA,,\\n{d}/WHEEL,,\\n{d}/RECORD,,\\n')
EOF`);
  });

  it('makes an environment, installs within specifiers, upgrades and removes', async () => {
    await expectChange('pip', { ...common, name: 'labkit-chalk>=1.0,<1.1' });
    must('/srv/env/bin/python -c "import labkit_chalk; assert labkit_chalk.v == \'1.0\'"');
    expect(await run('pip', { ...common, name: 'Labkit.Chalk', version: '1.0' })).toMatchObject({
      changed: false,
    });
    await expectChange('pip', { ...common, name: 'labkit_chalk', state: 'latest' });
    const { extra_args: _none, ...bare } = common;
    await expectChange('pip', { ...bare, name: 'labkit_chalk', state: 'absent' });
  });

  it('installs what a file of requirements asks for', async () => {
    must("echo 'labkit-chalk==1.2' >/srv/requirements.txt");
    await expectChange('pip', { ...common, requirements: '/srv/requirements.txt' });
  });

  it('says what is wrong: nobody offers it, or the system guards its own Python', async () => {
    const unknown = await run('pip', { ...common, name: 'nosuch' });
    expect(unknown.msg).toMatch(/No matching distribution found for nosuch/);
    const guarded = await run('pip', { name: 'labkit-chalk', extra_args: common.extra_args });
    expect(guarded.msg).toMatch(/PEP 668/);
  });

  it('makes and removes locales with locale-gen', async () => {
    must("printf '# head\\n# en_GB ISO-8859-1\\n' >/etc/locale.gen && locale-gen");
    await expectChange('locale_gen', { name: ['de_DE.UTF-8', 'en_GB'] });
    expect(root.run('cat /etc/locale.gen').output).toBe(
      '# head\nen_GB ISO-8859-1\nde_DE.UTF-8 UTF-8\n',
    );
    expect(root.run('locale -a').output).toMatch(/^de_DE\.utf8$/m);
    await expectChange('locale_gen', { name: 'de_DE.UTF-8', state: 'absent' });
    expect(await run('locale_gen', { name: 'xx_YY' })).toMatchObject({ failed: true });
  });
});

describeWith(['npm'])('npm in a folder', () => {
  beforeAll(() => {
    must(`mkdir -p /srv/chalk /srv/project
echo '{"name":"labkit-chalk","version":"1.0.0"}' >/srv/chalk/package.json
echo '{"name":"project","version":"1.0.0","dependencies":{"labkit-chalk":"file:../chalk"}}' >/srv/project/package.json`);
  });

  it('installs what package.json asks for, and removes what is named', async () => {
    await expectChange('npm', { path: '/srv/project' });
    must('test -e /srv/project/node_modules/labkit-chalk/package.json');
    expect(await run('npm', { path: '/srv/project', ci: true })).toMatchObject({ changed: false });
    expect(await run('npm', { path: '/srv/project', name: 'labkit-chalk' })).toMatchObject({
      changed: false,
    });
    await expectChange('npm', { path: '/srv/project', name: 'labkit-chalk', state: 'absent' });
  });

  it('says what npm said', async () => {
    const args = { path: '/srv/other', name: 'nosuch', registry: 'http://127.0.0.1:1' };
    expect((await run('npm', args)).msg).toMatch(/^npm failed: .*ECONNREFUSED/);
  });
});
