import { defineCommand } from '../define-command.ts';
import { runPower } from '../power/plan-power.ts';

export default defineCommand({
  syntax: 'power on <pattern>',
  summary: 'Switch hosts on: Wake-on-LAN, or as their variable power says',
  description:
    'Ways to switch are wol, ssh, ipmitool and command; a host or group names its own with power: NAME or power: {by: NAME, …}.',
  families: ['inventory', 'output', 'connection', 'run', 'project'],
  examples: ['power on lab_a', "power on 'lab_a:!a07' -o json"],
  run: (context, [pattern]) => runPower(context, pattern as string, 'on'),
});
