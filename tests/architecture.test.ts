import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '..', 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .sort();
const pureRooms = ['model', 'catalog', 'inventory', 'registry', 'playbook'];
/** Each package has the rooms that may import it; every other package is refused. */
const packageRooms: { readonly [name: string]: readonly string[] } = {
  commander: ['cli'],
  '@inquirer/prompts': ['cli'],
  execa: ['cli', 'transport'],
  ssh2: ['transport'],
  yaml: ['store'],
  'cli-table3': ['catalog', 'report'],
  'get-east-asian-width': ['model'],
  'mac-address': ['model'],
  'ipaddr.js': ['model'],
  fflate: ['catalog'],
  'iconv-lite': ['catalog'],
  fastify: ['netboot'],
};

/** Everything a file imports or loads by a fixed name, static or dynamic, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const pattern =
    /^\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'|\brequire\('([^']+)'/gm;
  return [...text.matchAll(pattern)].map(
    (match) => match.slice(1).find((name) => name !== undefined) ?? '',
  );
}

const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** The room a relative import leads to. */
function targetRoom(file: string, name: string): string {
  return roomOf(join(file, '..', name));
}

const imports = files.flatMap((file) =>
  importsOf(file).map((name) => ({ file, name, room: roomOf(file) })),
);

describe('the tree', () => {
  it('was really read: every room has files, and imports were found', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].sort()).toEqual([
      'catalog',
      'cli',
      'engine',
      'imaging',
      'inventory',
      'model',
      'netboot',
      'playbook',
      'registry',
      'report',
      'store',
      'transport',
    ]);
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('is a star: a room imports itself and model; only cli imports other rooms', () => {
    const crossing = imports
      .filter(({ name, room }) => name.startsWith('.') && room !== 'cli')
      .filter(({ file, name, room }) => ![room, 'model'].includes(targetRoom(file, name)))
      .map(({ file, name }) => `${file} imports ${name}`);
    expect(crossing).toEqual([]);
  });

  it('keeps effects out of the pure rooms: they name nothing of node:, no clock and no random', () => {
    const effects = imports
      .filter(({ name, room }) => pureRooms.includes(room) && name.startsWith('node:'))
      .map(({ file, name }) => `${file} imports ${name}`);
    const calls = files
      .filter((file) => pureRooms.includes(roomOf(file)))
      .filter((file) => {
        const code = readFileSync(join(source, file), 'utf8').replace(
          /\/\*[\s\S]*?\*\/|\/\/.*/g,
          '',
        );
        return /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bperformance\.now\(|\bfetch\(|\bsetTimeout\(/.test(
          code,
        );
      });
    expect([...effects, ...calls]).toEqual([]);
  });

  it('fences each package into its rooms', () => {
    const strays = imports
      .filter(({ name }) => !name.startsWith('.') && !name.startsWith('node:'))
      .filter(({ name, room }) => !packageRooms[name]?.includes(room))
      .map(({ file, name }) => `${file} imports ${name}`);
    expect(strays).toEqual([]);
  });

  it('has no names that say nothing', () => {
    const drawers = files.filter((file) =>
      /(^|\/)(utils?|helpers?|misc|common|manager|handlers?)(\.ts|\/)/i.test(file),
    );
    expect(drawers).toEqual([]);
  });
});
