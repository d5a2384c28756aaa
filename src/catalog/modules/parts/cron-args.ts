/** The arguments of the `cron` module. */
export interface CronArgs {
  readonly name: string;
  readonly job: string | undefined;
  readonly user: string | undefined;
  readonly cron_file: string | undefined;
  readonly state: string;
  readonly backup: boolean;
  readonly minute: string;
  readonly hour: string;
  readonly day: string;
  readonly month: string;
  readonly weekday: string;
  readonly special_time: string | undefined;
  readonly disabled: boolean;
  readonly env: boolean;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
}

/** What does not go together in a `cron` task. */
export function cronProblems(
  args: CronArgs,
  isRendered: (name: keyof CronArgs & string) => boolean,
): readonly string[] {
  const { state, env, name, job, user, cron_file, insertafter, insertbefore } = args;
  const isPresent = state === 'present' && isRendered('state');
  const problems: string[] = [];
  if (hasTwoTimes(args)) problems.push('You must specify time and date fields or special time.');
  if (cron_file === '/etc/crontab')
    problems.push('Will not manage /etc/crontab via cron_file, see documentation.');
  if (isPresent && cron_file && user === undefined && isRendered('user'))
    problems.push('To use cron_file=... parameter you must specify user=... as well');
  if (isPresent && job === undefined && isRendered('job'))
    problems.push("You must specify 'job' to install a new cron job or variable");
  if (insertafter !== undefined && insertbefore !== undefined)
    problems.push('insertafter and insertbefore exclude each other');
  if (isPresent && (insertafter ?? insertbefore) !== undefined && !env && isRendered('env'))
    problems.push('Insertafter and insertbefore parameters are valid only with env=yes');
  if (env && name?.includes(' ')) problems.push('Invalid name for environment variable');
  return problems;
}

function hasTwoTimes({ special_time, minute, hour, day, month, weekday }: CronArgs): boolean {
  const times = [minute, hour, day, month, weekday];
  return special_time !== undefined && times.some((time) => time !== undefined && time !== '*');
}
