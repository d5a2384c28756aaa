/** Writes what all PCs of a run share on top of the base system: accounts' keys, settings, and the stand-ins for systemd. */
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';
import { runProgram } from './run-program.ts';

const pcFolder = new URL('pc/', import.meta.url).pathname;
const standIns = ['systemctl', 'timedatectl'];

/** What a layer is made from. */
export interface LayerSettings {
  readonly base: string;
  readonly folder: string;
  readonly publicKey: string;
  readonly password: string;
  readonly nameserver: string;
}

async function hashPassword(base: string, password: string): Promise<string> {
  const done = await runProgram(['chroot', base, 'openssl', 'passwd', '-6', '-stdin'], {
    input: password,
  });
  if (done.exitCode === 0) return done.stdout.trim();
  throw new LabError(
    'environment',
    `openssl in ${base} made no password hash: ${done.stderr.trim()}`,
  );
}

/** Numeric owner of each account, from the base's passwd(5). */
function ownersOf(base: string): Map<string, { uid: number; gid: number; home: string }> {
  const lines = readFileSync(`${base}/etc/passwd`, 'utf8').split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', , uid, gid, , home = ''] = line.split(':');
      return [name, { uid: Number(uid), gid: Number(gid), home }];
    }),
  );
}

/** In an overlay the topmost folder's owner and mode count, so each folder repeats those of the base. */
function writeAuthorizedKeys(settings: LayerSettings): void {
  for (const [name, { uid, gid, home }] of ownersOf(settings.base)) {
    if (!['root', 'tech', 'labadmin'].includes(name)) continue;
    const top = `${settings.folder}${home}`;
    mkdirSync(top, { recursive: true, mode: name === 'root' ? 0o700 : 0o755 });
    mkdirSync(`${top}/.ssh`, { mode: 0o700 });
    writeFileSync(`${top}/.ssh/authorized_keys`, `${settings.publicKey}\n`, { mode: 0o600 });
    for (const path of [top, `${top}/.ssh`, `${top}/.ssh/authorized_keys`])
      chownSync(path, uid, gid);
  }
}

function writeStandIns(folder: string): void {
  const library = `${folder}/usr/local/lib/labkit-sim`;
  mkdirSync(library, { recursive: true });
  mkdirSync(`${folder}/usr/bin`, { recursive: true });
  for (const name of readdirSync(pcFolder)) {
    copyFileSync(
      `${pcFolder}${name}`,
      `${standIns.includes(name) ? `${folder}/usr/bin` : library}/${name}`,
    );
  }
}

/** Fills `settings.folder`, which is made here. */
export async function writeLayer(settings: LayerSettings): Promise<void> {
  const { base, folder } = settings;
  const hash = await hashPassword(base, settings.password);
  mkdirSync(`${folder}/etc/ssh/sshd_config.d`, { recursive: true });
  const shadow = readFileSync(`${base}/etc/shadow`, 'utf8');
  // The hash has dollar signs, which a replacement text would take for references.
  const shadowPath = `${folder}/etc/shadow`;
  writeFileSync(
    shadowPath,
    shadow.replace(/^tech:[^:]*:/m, () => `tech:${hash}:`),
    { mode: 0o640 },
  );
  const shadowGroup = /^shadow:[^:]*:(\d+):/m.exec(readFileSync(`${base}/etc/group`, 'utf8'))?.[1];
  chownSync(shadowPath, 0, Number(shadowGroup ?? 0));
  writeFileSync(`${folder}/etc/resolv.conf`, `nameserver ${settings.nameserver}\n`);
  writeFileSync(
    `${folder}/etc/ssh/sshd_config.d/labkit-sim.conf`,
    'HostKey /etc/ssh/ssh_host_ed25519_key\nPidFile /run/sshd.pid\n',
  );
  writeAuthorizedKeys(settings);
  writeStandIns(folder);
}
