import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { bool, dict, list, mode, path, raw, str, texts } from '../../src/model/arguments.ts';
import { sh } from '../../src/model/command.ts';
import {
  type AnyModule,
  ask,
  defineModule,
  done,
  probeScript,
  type SourceWish,
} from '../../src/model/module.ts';
import type { LoadRim } from '../../src/playbook/load-rim.ts';
import { checkTemplate } from '../../src/playbook/template/check-template.ts';
import { namesIn } from '../../src/playbook/template/names-in.ts';
import { parseYaml } from '../../src/store/yaml.ts';

const inspect = () => ask({ shell: probeScript(sh`true`) }, () => done({ changed: false }));
const fileWish = (from: 'files' | 'templates') => (args: { src?: string }) =>
  args.src === undefined
    ? ({} as { [name: string]: SourceWish })
    : { src: { path: args.src, folder: from, tree: from === 'files' } };
const fileArgs = {
  mode: mode(),
  owner: str(),
  group: str(),
};

/** Modules with the arguments that loading cares about; what they do is not the loader's matter. */
export const standInModules: readonly AnyModule[] = [
  defineModule({
    name: 'ping',
    collection: 'ansible.builtin',
    summary: '.',
    args: { data: str() },
    isLocal: true,
    inspect,
  }),
  defineModule({
    name: 'copy',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: false,
    inspect,
    args: {
      ...fileArgs,
      src: path(),
      dest: path({ required: true }),
      content: raw(),
      remote_src: bool({ fallback: false }),
      backup: bool({ fallback: false }),
      force: bool({ fallback: true }),
      directory_mode: mode(),
    },
    check: ({ src, content }, isRendered) =>
      isRendered('src') && isRendered('content') && src === undefined && content === undefined
        ? ['src (or content) is required']
        : [],
    sources: (args) =>
      args.remote_src
        ? {}
        : fileWish('files')({ ...(args.src !== undefined && { src: args.src }) }),
  }),
  defineModule({
    name: 'template',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: false,
    inspect,
    args: {
      ...fileArgs,
      src: path({ required: true }),
      dest: path({ required: true }),
      variable_start_string: str(),
    },
    sources: (args) => fileWish('templates')({ src: args.src }),
  }),
  defineModule({
    name: 'file',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    args: {
      ...fileArgs,
      path: path({ required: true, aliases: ['dest', 'name'] }),
      state: str({ choices: ['file', 'directory', 'link', 'hard', 'touch', 'absent'] }),
      src: path(),
      recurse: bool({ fallback: false }),
    },
  }),
  defineModule({
    name: 'apt',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    args: {
      name: texts({ aliases: ['package', 'pkg'] }),
      state: str({ choices: ['present', 'absent', 'latest', 'build-dep', 'fixed'] }),
      update_cache: bool({ aliases: ['update-cache'] }),
      upgrade: str(),
    },
  }),
  defineModule({
    name: 'service',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    args: {
      name: str({ required: true }),
      state: str({ choices: ['started', 'stopped', 'restarted', 'reloaded'] }),
      enabled: bool(),
    },
  }),
  ...(['command', 'shell'] as const).map((name) =>
    defineModule({
      name,
      collection: 'ansible.builtin',
      summary: '.',
      isLocal: true,
      repeats: false,
      inspect,
      freeForm: 'cmd',
      args: {
        cmd: str(),
        argv: list(),
        chdir: path(),
        creates: path(),
        removes: path(),
        executable: path(),
        stdin: str(),
        warn: bool(),
      },
    }),
  ),
  defineModule({
    name: 'script',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: false,
    inspect,
    freeForm: 'cmd',
    args: { cmd: str(), chdir: path(), creates: path(), removes: path(), executable: path() },
    sources: ({ cmd }): { [name: string]: SourceWish } =>
      cmd === undefined ? {} : { cmd: { path: cmd.split(' ')[0] ?? '', folder: 'files' } },
  }),
  defineModule({
    name: 'raw',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    freeForm: 'cmd',
    args: { cmd: str(), executable: path() },
  }),
  defineModule({
    name: 'debug',
    collection: 'ansible.builtin',
    summary: '.',
    args: { msg: raw(), var: str(), verbosity: raw() },
    decide: () => ({ changed: false }),
  }),
  defineModule({
    name: 'set_fact',
    collection: 'ansible.builtin',
    summary: '.',
    takesExtra: true,
    args: { cacheable: bool({ fallback: false }) },
    decide: () => ({ changed: false }),
  }),
  defineModule({
    name: 'fail',
    collection: 'ansible.builtin',
    summary: '.',
    args: { msg: str() },
    decide: () => ({ changed: false }),
  }),
  defineModule({
    name: 'assert',
    collection: 'ansible.builtin',
    summary: '.',
    args: { that: raw({ required: true }), fail_msg: str({ aliases: ['msg'] }), quiet: bool() },
    decide: () => ({ changed: false }),
  }),
  defineModule({
    name: 'include_vars',
    collection: 'ansible.builtin',
    summary: '.',
    freeForm: 'file',
    args: { file: path(), dir: path(), name: str() },
    decide: () => ({ changed: false }),
  }),
  defineModule({
    name: 'mount',
    collection: 'ansible.posix',
    summary: '.',
    isLocal: true,
    inspect,
    args: {
      path: path({ required: true, aliases: ['name'] }),
      src: path(),
      fstype: str(),
      state: str({ required: true }),
      opts: str(),
    },
  }),
  defineModule({
    name: 'ufw',
    collection: 'community.general',
    summary: '.',
    isLocal: true,
    inspect,
    args: { rule: str(), port: str(), state: str() },
  }),
  defineModule({
    name: 'systemd',
    aliases: ['systemd_service'],
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    args: { name: str(), state: str(), enabled: bool(), daemon_reload: bool() },
  }),
  defineModule({
    name: 'uri',
    collection: 'ansible.builtin',
    summary: '.',
    isLocal: true,
    inspect,
    args: { url: str({ required: true }), headers: dict(), method: str() },
  }),
];

/** Reads from the disk, as `lab play` does, with modules that stand in for the real ones. */
export function diskRim(more: Partial<LoadRim> = {}): LoadRim {
  return {
    readText: async (file) =>
      existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined,
    isFolder: async (folder) => existsSync(folder) && statSync(folder).isDirectory(),
    listFolder: async (folder) => readdirSync(folder).sort(),
    parseYaml,
    modules: new Map(standInModules.map((module) => [module.name, module])),
    rolesPath: [],
    checkTemplate,
    namesIn,
    ...more,
  };
}

/** Reads from files in memory. */
export function memoryRim(
  files: { readonly [path: string]: string },
  more: Partial<LoadRim> = {},
): LoadRim {
  const names = Object.keys(files);
  return diskRim({
    readText: async (file) => (Object.hasOwn(files, file) ? files[file] : undefined),
    isFolder: async (folder) => names.some((name) => name.startsWith(`${folder}/`)),
    listFolder: async (folder) =>
      [
        ...new Set(
          names
            .filter((name) => name.startsWith(`${folder}/`))
            .map((name) => name.slice(folder.length + 1).split('/')[0] ?? ''),
        ),
      ].sort(),
    ...more,
  });
}
