import { defineCommand } from '../define-command.ts';
import { buildImage } from '../image/build-image.ts';

export default defineCommand({
  syntax: 'image build <profile>',
  summary: 'Make the root archive that PCs are reinstalled with',
  description:
    'As root, with mmdebstrap: packages, then a playbook inside (its plays for "all"; services are enabled, never started). What differs from PC to PC is made on each. Whole or not at all; an image of the same name stays until the new one is done.',
  options: [
    ['--packages <list|file>', 'more packages: names with commas, or a file with one a line'],
    ['--playbook <file>', 'what to roll out in it'],
    ['--name <name>', 'name of the image; default: that of the profile'],
    ['--mirror <url>', "where packages come from; default: this machine's own source"],
    ['--security-mirror <url>', 'where security updates come from'],
    ['--components <names>', 'parts of the archive', 'main'],
    ['--kernel <package>', 'which kernel', 'linux-image-amd64'],
    ['--locales <names>', 'languages it knows', 'en_US.UTF-8,zh_CN.UTF-8'],
    ['--replace', 'take the place of an image of the same name'],
  ],
  families: ['vault', 'vars', 'project'],
  examples: [
    'image build debian-12',
    'image build debian-12 --name lab --packages packages.txt --playbook playbooks/desktop.yml',
    'image build debian-12 --components main,non-free-firmware --packages firmware-realtek --replace',
  ],
  run: (context, [profile], options) => buildImage(context, String(profile), options),
});
