import { defineCommand } from '../define-command.ts';
import { disarmHosts } from '../reinstall/disarm-hosts.ts';

export default defineCommand({
  syntax: 'disarm <pattern>',
  summary: 'Take back the permission to be reinstalled: the hosts boot their own disk',
  description:
    'A host whose disk is being written stops before the next piece and has no system then; that needs --yes.',
  families: ['inventory', 'output', 'confirm', 'project'],
  examples: ['disarm lab_a', 'disarm a07 --yes'],
  run: (context, [pattern]) => disarmHosts(context, pattern as string),
});
