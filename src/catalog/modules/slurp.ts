import { path } from '../../model/arguments.ts';
import { ask, defineModule, done, probePath } from '../../model/module.ts';
import { base64Of } from './parts/base64.ts';
import { fail } from './parts/outcome.ts';

// base64 in a variable: what is larger belongs into a file (fetch)
const maxBytes = 32 * 1024 * 1024;

export default defineModule({
  name: 'slurp',
  collection: 'ansible.builtin',
  summary: 'Brings the content of a file into a variable, as base64.',
  args: { src: path({ required: true, aliases: ['path'] }) },
  isLocal: true,
  inspect: ({ src }) =>
    ask({ file: probePath(src, { follow: true, contentUpTo: maxBytes }) }, ({ file }) => {
      if (file.kind === 'absent') return fail(`file not found: ${src}`);
      if (file.kind === 'directory')
        return fail(`source is a directory and must be a file: ${src}`);
      if (file.content === undefined)
        return fail(
          file.size > maxBytes
            ? `${src} is larger than ${maxBytes} bytes; use fetch`
            : `file is not readable: ${src}`,
        );
      return done({
        changed: false,
        values: { content: base64Of(file.content), encoding: 'base64', source: file.path },
      });
    }),
});
