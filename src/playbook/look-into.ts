import type { CheckedArgs } from './args.ts';
import type { Place } from './loading.ts';
import { seeText, seeValue, typeNode } from './loading.ts';
import { readFile, readSafely } from './read-file.ts';
import { findSource } from './source-paths.ts';

/** Checks the file a `template` task names; without a literal name any fact may be looked at. */
export async function checkTemplateFile({ args }: CheckedArgs, place: Place): Promise<void> {
  const { play } = place;
  const { src } = args;
  if (typeof src !== 'string') {
    play.doubts.anyFact = true;
    return;
  }
  const path = await findSource({ path: src, folder: 'templates' }, place);
  const found = path === undefined ? 'missing' : await readSafely(path, play.loading);
  if (path === undefined || typeof found === 'string') return;
  const { text } = found;
  const hasOwnMarks = Object.keys(args).some((name) => name.endsWith('_string'));
  const header = /^#jinja2:.*/.exec(text)?.[0] ?? '';
  if (hasOwnMarks || header.includes('_string')) {
    play.doubts.anyFact = true;
    return;
  }
  // What another file of templates looks at is not followed.
  if (/\{%[-+]?\s*(?:include|import|from|extends)\b/.test(text)) play.doubts.anyFact = true;
  seeText(text.slice(header.length), 'template', { file: path, line: 1, column: 1 }, play);
}

/** Checks the templates in a file `include_vars` names. */
export async function checkVarsFile({ args }: CheckedArgs, place: Place): Promise<void> {
  const { play } = place;
  const { file } = args;
  if (typeof file !== 'string') {
    play.doubts.anyFact = true;
    return;
  }
  const path = await findSource({ path: file, folder: 'vars' }, place);
  const found = path === undefined ? undefined : await readFile(path, play.loading);
  if (found?.kind === 'read' && found.root) seeValue(typeNode(found.root, play.loading), play);
}
