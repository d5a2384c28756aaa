/** Finds the cached base system of the PCs, or has it built: once per recipe, then no network is needed. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';
import { type Mirror, parseSources, selectMirror } from './mirror.ts';
import { runProgram } from './run-program.ts';

const buildScript = new URL('sh/build-base.sh', import.meta.url).pathname;

/** What a school's PC has, as far as Labkit looks at it. */
const packages = [
  'ca-certificates',
  'ethtool',
  'iproute2',
  'iputils-ping',
  'kmod',
  'netbase',
  'openssh-server',
  'procps',
  // For Ansible, which Labkit is compared with; Labkit itself needs none on a PC.
  'python3',
  'python3-apt',
  'smartmontools',
  'sudo',
  'tzdata',
  'util-linux',
];

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The mirror and release of this machine. */
export function loadMirror(): Mirror {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  const paths = ['/etc/apt/sources.list', ...names.sort().map((name) => `${folder}/${name}`)];
  const sources = paths.flatMap((path) => parseSources(path, read(path)));
  const mirror = selectMirror(read('/etc/os-release'), sources);
  if (mirror !== undefined) return mirror;
  throw new LabError(
    'environment',
    '/etc/os-release names no release',
    'a simulated room needs Debian or Ubuntu',
  );
}

/** Where the base of this recipe is or would be: `LABKIT_SIM_CACHE`, else /var/cache/labkit-sim. */
export function basePath(mirror: Mirror): string {
  const recipe = JSON.stringify([
    mirror.suite,
    mirror.components,
    packages,
    process.arch,
    read(buildScript),
  ]);
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  return `${process.env['LABKIT_SIM_CACHE'] ?? '/var/cache/labkit-sim'}/base-${mirror.suite}-${hash}`;
}

/** debootstrap fetches by itself and does not know the proxy that apt was given. */
async function aptProxy(): Promise<Record<string, string>> {
  const told = await runProgram(['apt-config', 'shell', 'proxy', 'Acquire::http::Proxy']);
  const url = /^proxy='([^']+)'/m.exec(told.stdout)?.[1];
  return url === undefined || url === 'DIRECT' ? {} : { http_proxy: url };
}

/** The path of the base system; builds it where it is not there yet (a minute, and about 300 MB), telling so first. */
export async function openBase(tell: (line: string) => void): Promise<string> {
  const mirror = loadMirror();
  const path = basePath(mirror);
  if (existsSync(path)) return path;
  tell(
    `building the base system of the PCs, once: ${mirror.suite} from ${mirror.url} into ${path}`,
  );
  const argv = [
    'sh',
    buildScript,
    path,
    mirror.suite,
    mirror.url,
    mirror.components.join(','),
    packages.join(','),
  ];
  const done = await runProgram(argv, { env: await aptProxy() });
  if (done.exitCode === 0) return path;
  throw new LabError(
    'environment',
    `debootstrap could not build ${path}: ${done.stderr.trim().split('\n').slice(-5).join('\n')}`,
    `the whole log is in ${path}.log; is ${mirror.url} reachable?`,
  );
}
