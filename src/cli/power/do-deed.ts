import type { Connect } from '../../model/connection.ts';
import type { PowerAnswer } from '../../model/power.ts';
import { callProgram } from '../../transport/call-program.ts';
import { sendDatagrams } from '../../transport/send-datagrams.ts';
import type { DoDeed } from './converse.ts';

const programMs = 30_000;

/** Does deeds for real: datagrams, programs of this machine, commands as root on hosts. Throws `Unreachable` for a host that is out of reach. */
export function openDeeds(connect: Connect): DoDeed {
  return async (host, deed, signal) => {
    if (deed.kind === 'send') {
      await sendDatagrams(deed.payload, deed.addresses, deed.port);
      return { exitCode: 0, stdout: '', stderr: '' };
    }
    if (deed.kind === 'call')
      return callProgram(deed.program, deed.args, { signal, timeoutMs: programMs });
    const { become, becomeUser } = host.connection;
    await using connection = await connect(host, signal);
    const ran = await connection.exec(deed.command, {
      signal,
      ...(become && { becomeUser: becomeUser || 'root' }),
    });
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
    const answer: PowerAnswer = {
      exitCode: ran.exitCode,
      stdout: text(ran.stdout),
      stderr: text(ran.stderr),
    };
    return answer;
  };
}
