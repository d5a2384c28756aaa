import { listImages } from '../../imaging/image-folder.ts';
import { reportImages } from '../../report/images-report.ts';
import { defineCommand } from '../define-command.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'image list',
  summary: 'The images that PCs can be reinstalled with',
  families: ['output', 'project'],
  examples: ['image list', 'image list -o json'],
  async run(context) {
    const { images, broken } = await listImages(bootFolders(context.settings).images);
    const at = new Date(context.io.now()).toISOString();
    await showReport(context, reportImages(images, broken, at, context.settings.lang));
    return broken.length === 0 ? 0 : 3;
  },
});
