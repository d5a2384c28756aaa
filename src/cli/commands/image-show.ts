import { loadImage } from '../../imaging/image-folder.ts';
import { reportImage } from '../../report/images-report.ts';
import { defineCommand } from '../define-command.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'image show <name>',
  summary: 'One image: what it was made of, its stamp, its partitions and packages',
  families: ['output', 'project'],
  examples: ['image show debian-12', 'image show debian-12 -o csv'],
  async run(context, [name]) {
    const image = await loadImage(bootFolders(context.settings).images, String(name));
    await showReport(context, reportImage(image, new Date(context.io.now()).toISOString()));
    return 0;
  },
});
