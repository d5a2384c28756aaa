import { expect, it } from 'vitest';
import { renderInstall } from '../../../src/netboot/texts/install-script.ts';

const urls = {
  asset: (name: string) => `http://s/boot/asset/abc/${name}`,
  answers: (name: string) => `http://s/boot/answers/TOKEN/${name}`,
};

it('an argument that names an asset gets its address', () => {
  const spec = { kernel: 'vmlinuz', initrds: [], args: ['url={asset:ubuntu.iso}', 'quiet'] };
  expect(renderInstall(spec, urls, { way: '', grubUrl: '' })).toContain(
    'kernel --name vmlinuz http://s/boot/asset/abc/vmlinuz url=http://s/boot/asset/abc/ubuntu.iso quiet',
  );
});
