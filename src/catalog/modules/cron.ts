import { bool, path, str } from '../../model/arguments.ts';
import { type Call, defineModule, type Planned } from '../../model/module.ts';
import { type CronArgs, cronProblems } from './parts/cron-args.ts';
import { inspectCronFile, inspectCrontab } from './parts/cron-inspect.ts';

const specialTimes = ['annually', 'daily', 'hourly', 'monthly', 'reboot', 'weekly', 'yearly'];

export default defineModule<CronArgs>({
  name: 'cron',
  collection: 'ansible.builtin',
  summary: "Keeps a job or a variable in a user's crontab or in a file of /etc/cron.d.",
  args: {
    name: str({ required: true }),
    job: str({ aliases: ['value'] }),
    user: str(),
    cron_file: path(),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    backup: bool({ fallback: false }),
    minute: str({ fallback: '*' }),
    hour: str({ fallback: '*' }),
    day: str({ fallback: '*', aliases: ['dom'] }),
    month: str({ fallback: '*' }),
    weekday: str({ fallback: '*', aliases: ['dow'] }),
    special_time: str({ choices: specialTimes }),
    disabled: bool({ fallback: false }),
    env: bool({ fallback: false }),
    insertafter: str(),
    insertbefore: str(),
  },
  check: cronProblems,
  isLocal: true,
  inspect(args: CronArgs, call: Call): Planned {
    return args.cron_file === undefined || args.cron_file === ''
      ? inspectCrontab(args, call)
      : inspectCronFile(args, call, args.cron_file);
  },
});
