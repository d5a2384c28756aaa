import { defineCommand } from '../define-command.ts';
import { runPower } from '../power/plan-power.ts';

export default defineCommand({
  syntax: 'power reboot <pattern>',
  summary: 'Restart hosts over SSH, or as their variable power says',
  description:
    'Ways to switch are wol, ssh, ipmitool and command; a host or group names its own with power: NAME or power: {by: NAME, …}.',
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: ['power reboot lab_a', "power reboot 'lab_a:!a07' -o json"],
  run: (context, [pattern]) => runPower(context, pattern as string, 'reboot'),
});
