import { randomBytes } from 'node:crypto';
import type { Connection } from '../../../model/connection.ts';
import { LabError } from '../../../model/lab-error.ts';
import { prelude } from './host-prelude.ts';
import { readHello, readTurn, type TurnResult } from './read-looks.ts';
import { openTurnReader } from './read-turn.ts';
import { renderTurn } from './render-turn.ts';
import type { Hello, Turn } from './turn.ts';

/** Runs turns as one user of a host. */
export interface UserShell {
  run(turn: Omit<Turn, 'marker' | 'hello'>): Promise<TurnResult & { readonly hello: Hello }>;
  close(): Promise<void>;
}

/** A shell for each turn, by `exec`. */
export function openUserShell(connection: Connection, becomeUser: string | undefined): UserShell {
  return {
    async run(part) {
      const turn: Turn = { ...part, hello: true, marker: `lab-${randomBytes(12).toString('hex')}` };
      const reader = openTurnReader(turn.marker);
      const script = `${prelude}\ntrap 'rm -rf "$lab_dir"' EXIT\n${renderTurn(turn)}`;
      const result = await connection.exec(
        // marked as secret: it travels by standard input, where nobody on the host can read it
        { shell: 'sh', script, shown: 'tasks' },
        {
          maxOutputBytes: 0,
          onOutput: reader.push,
          ...(becomeUser !== undefined && { becomeUser }),
        },
      );
      if (!reader.whole())
        throw new LabError(
          'failed',
          `the shell of the host ended too early (${result.exitCode ?? result.signal}): ${reader.tail()}`,
        );
      const [first, ...sections] = reader.sections();
      if (first === undefined) throw new TypeError('the host said nothing of itself');
      const hello = readHello(first);
      return { ...readTurn(turn, sections, hello.bootedAt), hello };
    },
    async close() {},
  };
}
