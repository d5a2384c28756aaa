import { join } from 'node:path';
import { buildDeploymentSystem } from '../../imaging/deployment/build.ts';
import { parseMirror } from '../../imaging/deployment/mirror.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { defineCommand } from '../define-command.ts';

export default defineCommand({
  syntax: 'image build-system',
  summary: 'Make the small Linux that runs on a PC while it is installed',
  description:
    "From Debian packages, with mmdebstrap, as root: Debian's signed kernel and an initramfs, under STATE/deployment-system. Made once; a second call compares what is there with its checksums.",
  options: [
    ['--mirror <url>', "where Debian packages come from; default: this machine's own source"],
    ['--again', 'make it anew even where the same one is there'],
  ],
  families: ['project'],
  examples: [
    'image build-system',
    'image build-system --mirror http://mirrors.tuna.tsinghua.edu.cn/debian',
  ],
  async run(context, _, { mirror, again }) {
    const { io, settings } = context;
    const interruption = new AbortController();
    context.defer(io.onInterrupt(() => interruption.abort()));
    makeFolder(settings.stateFolder, 0o700);
    const folder = join(settings.stateFolder, 'deployment-system');
    const { system, made } = await buildDeploymentSystem({
      folder,
      programs: join(io.programFolder, 'imaging', 'deployment', 'target'),
      sources: await parseMirror(typeof mirror === 'string' ? mirror : undefined),
      now: io.now,
      signal: interruption.signal,
      say: (text) => io.stderr.write(`${text}\n`),
      again: again === true,
    });
    for (const { name, bytes, sha256 } of system.files)
      io.stdout.write(`${join(folder, name)}  ${(bytes / 1e6).toFixed(1)} MB  ${sha256}\n`);
    const kernel = system.packages.find(({ name }) => /^linux-image-\d/.test(name));
    io.stdout.write(
      `${made ? 'made' : 'made before'}, ${system.madeAt}: Debian ${system.suite}, kernel ${kernel?.version ?? 'unknown'}\n`,
    );
    return 0;
  },
});
