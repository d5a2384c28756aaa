import { planCopy } from '../../engine/plan-copy.ts';
import { openCopySource } from '../../store/copy-source.ts';
import { defineCommand } from '../define-command.ts';
import { executeRun } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { makeActing } from '../make-acting.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'copy <pattern> <source> <destination>',
  summary: 'Copy a file or folder to hosts; what is the same there is not sent again',
  description:
    'SOURCE/ with a slash at its end copies what is in the folder, without it the folder itself, as in Ansible.',
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: ['copy lab_a exam.pdf /home/student/', 'copy all -b policies/ /etc/firefox/policies'],
  async run(context, [pattern, source, dest]) {
    const opened = await openCopySource(source as string, context.io.cwd);
    const { hosts } = await loadTargets(context, pattern as string);
    const identity = makeRunIdentity(context);
    const plan = planCopy({
      ...makeActing(context, identity, hosts),
      source: opened,
      dest: dest as string,
    });
    return (await executeRun(context, { identity, plan, kind: 'copy' })).exitCode;
  },
});
