import { type Script, sh } from '../../../model/command.ts';

/** Copies `"$lab_path"` to `NAME.NUMBER.YYYY-MM-DD@HH:MM:SS~` beside it, as Ansible names backups, with mode, owner and times; prints the name for `readBackup`. The number is the run's, so that two tasks of one second do not share a name. */
export function backupScript(nonce: string): Script {
  const { script } = sh`lab_backup=$lab_path.${nonce}.$(date +%Y-%m-%d@%H:%M:%S)~
cp -p -- "$lab_path" "$lab_backup" || { rm -f -- "$lab_backup"; exit 64; }
printf 'lab-backup:%s\n' "$lab_backup"`;
  return { script };
}

/** The name of the backup that was made; undefined when there is none. */
export function readBackup(stdout: string): string | undefined {
  return /^lab-backup:(.*)$/m.exec(stdout)?.[1];
}
