import type { CronArgs } from './cron-args.ts';

const mark = '#Ansible: ';

/** A crontab's lines after editing; `problem` says why it cannot be edited. */
export interface CronEdit {
  readonly lines: readonly string[];
  readonly changed: boolean;
  readonly problem?: string;
}

/** Puts a job or variable into a crontab, or takes it out; jobs are known by the comment `#Ansible: NAME` above them. */
export function editCron(lines: readonly string[], args: CronArgs): CronEdit {
  if (args.env) return editVariable(lines, args);
  if (args.state === 'absent') {
    const changed = findJob(lines, args.name) !== undefined;
    return { lines: changed ? replaceJob(lines, args.name, []) : lines, changed };
  }
  const job = jobLine(args);
  const comment = mark + args.name;
  const found = findJob(lines, args.name);
  if (found !== undefined) {
    if (found === job) return { lines, changed: false };
    return { lines: replaceJob(lines, args.name, [comment, job]), changed: true };
  }
  return adopt(lines, comment, job) ?? { lines: [...lines, comment, job], changed: true };
}

/** The names of all jobs that carry the comment. */
export function jobNames(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
}

/** The names of all variables. */
export function variableNames(lines: readonly string[]): string[] {
  return lines.filter((line) => /^\S+=/.test(line)).map((line) => line.split('=')[0] ?? '');
}

/** A crontab's text: no empty lines at its end, and a last newline. */
export function renderCron(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text === '' ? '' : `${text.replace(/[\r\n]+$/, '')}\n`;
}

function findJob(lines: readonly string[], name: string): string | undefined {
  let comment: string | undefined;
  for (const line of lines) {
    if (comment === name) return line;
    // the line below a comment is that comment's job, whatever it looks like
    if (comment !== undefined) comment = undefined;
    else if (line.startsWith(mark)) comment = line.slice(mark.length);
  }
  return undefined;
}

// a job that is there word for word without a comment gets one
function adopt(lines: readonly string[], comment: string, job: string): CronEdit | undefined {
  const at = lines.indexOf(job);
  if (at < 0) return undefined;
  const above = lines[at - 1] ?? lines.at(-1) ?? '';
  if (above.startsWith(mark) && above !== `${mark}None`) return undefined;
  const before = above === `${mark}None` ? lines.slice(0, at - 1) : lines.slice(0, at);
  return { lines: [...before, comment, ...lines.slice(at)], changed: true };
}

function replaceJob(lines: readonly string[], name: string, by: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line !== mark + name) kept.push(line);
    else if (at + 1 < lines.length) {
      kept.push(...by);
      at += 1;
    }
  }
  return kept;
}

function jobLine(args: CronArgs): string {
  const { minute, hour, day, month, weekday, special_time, disabled, cron_file, user } = args;
  const when =
    special_time === undefined ? [minute, hour, day, month, weekday] : [`@${special_time}`];
  const who = cron_file ? [user ?? 'None'] : [];
  const job = (args.job ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '');
  return (disabled ? '#' : '') + [...when, ...who, job].join(' ');
}

function editVariable(lines: readonly string[], args: CronArgs): CronEdit {
  const { name, insertafter, insertbefore } = args;
  const isOf = (other: string) => (line: string) => line.startsWith(`${other}=`);
  const at = lines.findIndex(isOf(name));
  if (args.state === 'absent')
    return { lines: lines.filter((line) => !isOf(name)(line)), changed: at >= 0 };
  const declaration = `${name}="${args.job ?? ''}"`;
  if (at >= 0) {
    const changed = lines[at] !== declaration;
    if (!changed) return { lines, changed };
    return { lines: lines.map((line) => (isOf(name)(line) ? declaration : line)), changed };
  }
  const other = insertafter ?? insertbefore;
  if (other === undefined) return { lines: [declaration, ...lines], changed: true };
  const otherAt = lines.findIndex(isOf(other));
  if (otherAt < 0)
    return { lines, changed: false, problem: `Variable named '${other}' not found.` };
  const place = insertafter === undefined ? otherAt : otherAt + 1;
  return { lines: lines.toSpliced(place, 0, declaration), changed: true };
}
