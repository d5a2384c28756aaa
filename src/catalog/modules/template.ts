import { bool, path, str } from '../../model/arguments.ts';
import { type Call, defineModule, type Planned, type SourceFile } from '../../model/module.ts';
import type { FileRendering } from '../../model/play-value.ts';
import { sha1Hex } from '../../model/sha1.ts';
import { TemplateError } from '../../model/template-error.ts';
import { copyArgs } from './parts/copy-args.ts';
import { modeText } from './parts/file-mode.ts';
import { fail } from './parts/outcome.ts';
import type { AttributeWish } from './parts/path-attributes.ts';
import { baseOf } from './parts/paths.ts';
import { placeFile } from './parts/place-file.ts';
import { bytesOf } from './parts/text-lines.ts';

interface TemplateArgs extends AttributeWish {
  readonly src: string;
  readonly dest: string;
  readonly backup: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly validate: string | undefined;
  readonly unsafe_writes: boolean;
  readonly newline_sequence: string;
  readonly trim_blocks: boolean;
  readonly lstrip_blocks: boolean;
  readonly variable_start_string: string | undefined;
  readonly variable_end_string: string | undefined;
  readonly block_start_string: string | undefined;
  readonly block_end_string: string | undefined;
  readonly comment_start_string: string | undefined;
  readonly comment_end_string: string | undefined;
  readonly output_encoding: string;
}

const { backup, force, follow, validate, unsafe_writes, mode, owner, group } = copyArgs;

export default defineModule<TemplateArgs>({
  name: 'template',
  collection: 'ansible.builtin',
  summary: 'Renders a template of the controller and brings the text to the host.',
  args: {
    ...{ backup, force, follow, validate, unsafe_writes, mode, owner, group },
    src: path({ required: true }),
    dest: path({ required: true }),
    newline_sequence: str({
      fallback: '\n',
      choices: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
    }),
    trim_blocks: bool({ fallback: true }),
    lstrip_blocks: bool({ fallback: false }),
    variable_start_string: str(),
    variable_end_string: str(),
    block_start_string: str(),
    block_end_string: str(),
    comment_start_string: str(),
    comment_end_string: str(),
    output_encoding: str({ fallback: 'utf-8' }),
  },
  isLocal: true,
  sources: ({ src }) => ({ src: { path: src, folder: 'templates' } }),
  inspect(args, call): Planned {
    const source = call.sources['src'];
    if (source === undefined)
      return fail(`Could not find or access '${args.src}' on the controller`);
    if ('files' in source) return fail(`${args.src} is a folder, not a template`);
    const bytes = renderBytes(args, source, call);
    if ('problem' in bytes) return fail(bytes.problem);
    const preserved = args.mode === 'preserve' ? modeText(source.mode & 0o7777) : args.mode;
    return placeFile({
      dest: args.dest,
      name: baseOf(source.path),
      content: bytes,
      sha1: sha1Hex(bytes.bytes),
      from: source.path,
      wish: { owner: args.owner, group: args.group, mode: preserved },
      directoryMode: undefined,
      force: args.force,
      follow: args.follow,
      backup: args.backup,
      validate: args.validate,
      unsafeWrites: args.unsafe_writes,
      call,
    });
  },
});

function renderBytes(
  args: TemplateArgs,
  source: SourceFile,
  call: Call,
): { readonly bytes: Uint8Array } | { readonly problem: string } {
  if (source.content === undefined)
    return { problem: `${source.path} is too large for a template` };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source.content);
  } catch {
    return { problem: 'Template source files must be utf-8 encoded' };
  }
  try {
    return encodeText(
      call.renderFile({ text, file: source.path, names: namesOf(args, source) }, renderingOf(args)),
      args.output_encoding,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const kind = error.undefinedName === undefined ? 'AnsibleError' : 'AnsibleUndefinedVariable';
    return { problem: `${kind}: ${error.message}` };
  }
}

// what Ansible tells a template of itself; times and the controller's account would make every run differ
function namesOf({ src, dest }: TemplateArgs, { path }: SourceFile) {
  return {
    ansible_managed: 'Ansible managed',
    template_path: src,
    template_fullpath: path,
    template_destpath: dest,
  };
}

const sequences: { readonly [written: string]: string } = {
  '\\n': '\n',
  '\\r': '\r',
  '\\r\\n': '\r\n',
};

function renderingOf(args: TemplateArgs): FileRendering {
  const written = args.newline_sequence;
  const settings = {
    trimBlocks: args.trim_blocks,
    lstripBlocks: args.lstrip_blocks,
    newlineSequence: sequences[written] ?? written,
    variableStart: args.variable_start_string,
    variableEnd: args.variable_end_string,
    blockStart: args.block_start_string,
    blockEnd: args.block_end_string,
    commentStart: args.comment_start_string,
    commentEnd: args.comment_end_string,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function encodeText(
  text: string,
  encoding: string,
): { readonly bytes: Uint8Array } | { readonly problem: string } {
  const name = encoding.toLowerCase().replaceAll(/[-_ ]/g, '');
  if (name === 'utf8' || name === '') return { bytes: new TextEncoder().encode(text) };
  const most = new Map([
    ['ascii', 0x7f],
    ['usascii', 0x7f],
    ['latin1', 0xff],
    ['iso88591', 0xff],
  ]).get(name);
  if (most === undefined) return { problem: `output_encoding ${encoding} is not supported` };
  const odd = Array.from(text).find((letter) => (letter.codePointAt(0) ?? 0) > most);
  if (odd !== undefined) return { problem: `${encoding} has no letter ${odd}` };
  return { bytes: bytesOf(text) };
}
