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

it('asks for each file again, not for ever, while the service restarts', () => {
  const spec = { kernel: 'vmlinuz', initrds: ['initrd.img'], args: [] };
  const lines = renderInstall(spec, urls, { way: '', grubUrl: '' }).split('\n');
  for (const [index, fetch] of ['kernel ', 'initrd '].entries()) {
    const at = lines.findIndex((line) => line.startsWith(fetch));
    const before = lines.slice(at - 2, at);
    const behind = lines.slice(at + 1, lines.indexOf(`:got${index}`));
    expect(lines[at]).toMatch(new RegExp(` && goto got${index} \\|\\|$`));
    expect(before).toEqual(['set tries:int8 0', `:get${index}`]);
    expect(behind).toContain('inc tries');
    expect(behind).toContain(`iseq \${tries} 8 && goto lost ||`);
    expect(behind.at(-1)).toBe(`goto get${index}`);
  }
});
