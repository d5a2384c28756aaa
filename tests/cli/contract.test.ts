import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const contract = readFileSync(join(root, 'docs', 'cli.md'), 'utf8').split('\n');
const commands = readdirSync(join(root, 'src', 'cli', 'commands')).map(
  (file) =>
    /syntax: '([a-z -]+?)(?: [<[].*)?'/.exec(
      readFileSync(join(root, 'src/cli/commands', file), 'utf8'),
    )?.[1] ?? file,
);

it('looks at real commands', () => {
  expect(commands).toContain('netboot assets');
  expect(commands.length).toBeGreaterThan(50);
});

it.each(commands)('names lab %s', (command) => {
  const [group, name = ''] = command.split(' ');
  const isNamed = contract.some(
    (line) =>
      line.includes(`lab ${command}`) ||
      (line.startsWith(`lab ${group} `) && line.split(/[ |]+/).includes(name)),
  );
  expect(isNamed).toBe(true);
});
