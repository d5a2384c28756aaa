/** Gives the simulated PCs a Python, which they do without and Ansible cannot: this machine's own, packed once. */
import { join } from 'node:path';
import { runProgram } from '../sim/run-program.ts';
import type { Sim } from '../sim/types.ts';

/** Where modules are told to find it (`ansible_python_interpreter`). */
export const pythonPath = '/usr/bin/python3';

// What no module of Ansible imports would only take memory on every PC.
const leftOut = ['test', 'idlelib', 'lib2to3', 'ensurepip', 'turtledemo', 'tkinter', 'pydoc_data'];

const packScript = `set -eu
python=$(readlink -f /usr/bin/python3)
library=$("$python" -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
libraries=$(ldd "$python" | sed -n 's/.*=> \\(\\/[^ ]*expat[^ ]*\\).*/\\1/p')
cd /
tar -cf "$1" --exclude='config-*' ${leftOut.map((name) => `--exclude="$library/${name}"`).join(' ')} \\
  --absolute-names --dereference --hard-dereference --transform "s,^$python$,${pythonPath}," \\
  "$python" "$library" $libraries`;

/** Unpacks Python in every PC of the room; takes some 25 MB of memory for each. Both systems are of one release, as the room is built from this machine's. */
export async function installPython(sim: Sim, scratch: string): Promise<void> {
  const archive = join(scratch, 'python.tar');
  const packed = await runProgram(['sh', '-c', packScript, 'sh', archive]);
  if (packed.exitCode !== 0) throw new Error(`python could not be packed: ${packed.stderr.trim()}`);
  const unpack = `tar -xPf - && ${pythonPath} -c 'import json, ssl'`;
  // Four at once: each holds a pipe full of the archive.
  const waiting = sim.pcs.map(({ name }) => name).values();
  const worker = async () => {
    for (const host of waiting) {
      const argv = [
        'sh',
        '-c',
        `nsenter -t ${sim.pidOf(host)} -m -p --wd -- /bin/sh -c "${unpack}" <"$0"`,
        archive,
      ];
      const { exitCode, stderr } = await runProgram(argv);
      if (exitCode !== 0) throw new Error(`${host}: ${stderr.trim()}`);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}
