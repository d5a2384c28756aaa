import { listImages, loadImage, verifyImage } from '../../imaging/image-folder.ts';
import { defineCommand } from '../define-command.ts';
import { bootFolders } from '../netboot/boot-folders.ts';

export default defineCommand({
  syntax: 'image verify [name]',
  summary: 'Read every byte of an image, or of all, and compare each chunk',
  families: ['project'],
  examples: ['image verify', 'image verify debian-12'],
  async run(context, [name]) {
    const { io, settings } = context;
    const folder = bootFolders(settings).images;
    const { images, broken } =
      typeof name === 'string'
        ? { images: [await loadImage(folder, name)], broken: [] }
        : await listImages(folder);
    if (images.length + broken.length === 0)
      io.stdout.write('there are none yet: lab image build debian-12\n');
    let failures = broken.length;
    for (const one of broken)
      io.stderr.write(`error  ${one.name}: ${one.troubles.join('; ')}\n hint  build it again\n`);
    for (const image of images) {
      const troubles = await verifyImage(folder, image);
      failures += troubles.length === 0 ? 0 : 1;
      if (troubles.length === 0) io.stdout.write(`${image.name}: every chunk is right\n`);
      for (const trouble of troubles)
        io.stderr.write(
          `error  ${image.name}: ${trouble}\n hint  build it again, or copy it anew\n`,
        );
    }
    return failures === 0 ? 0 : 2;
  },
});
