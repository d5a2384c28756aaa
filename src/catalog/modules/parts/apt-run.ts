import { type Command, type Script, sh } from '../../../model/command.ts';

/** How apt-get is run. */
export interface AptRun {
  /** Seconds to wait for whoever holds one of apt's locks. */
  readonly lockTimeout: number;
  /** What /usr/sbin/policy-rc.d answers meanwhile (101 starts no service); undefined leaves it alone. */
  readonly policyRcD?: number | undefined;
}

// Errors go to a file first: a service that a package starts may hold on to the pipe for ever. On a full disk only a memory file system takes it.
/** Defines `lab_apt COMMAND...`, which waits `$lab_wait` seconds for locks; leaves the complaints of the last call in the file `$lab_err`. */
export const aptPrelude: Script = {
  script: `export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical
lab_err=
for d in /run /dev/shm /tmp; do lab_err=$(mktemp "$d/lab-apt.XXXXXX" 2>/dev/null) && break; done
lab_end() { rm -f "$lab_err"; }
trap lab_end EXIT
trap 'exit 130' HUP INT TERM
lab_holder() {
  f=$(sed -n 's/^E: Could not get lock \\([^ ]*\\) - .*/\\1/p; s/^E: Could not get lock \\([^ .]*\\)\\. It is held by process 0.*/\\1/p' "$lab_err" | head -n 1)
  [ -n "$f" ] && i=$(stat -c %i "$f" 2>/dev/null) || return 0
  while read -r _ _ _ _ p d _; do
    case $d in *:"$i") echo "lab: held by process $p ($(cat "/proc/$p/comm" 2>/dev/null))"; return 0 ;; esac
  done </proc/locks
}
lab_apt() {
  lab_until=$(($(date +%s) + lab_wait))
  while :; do
    lab_rc=0
    "$@" 2>"$lab_err" </dev/null || lab_rc=$?
    [ "$lab_rc" != 0 ] && grep -q 'Could not get lock\\|Unable to lock\\|Unable to acquire the dpkg frontend lock\\|frontend lock was locked' "$lab_err" || break
    [ "$(date +%s)" -lt "$lab_until" ] || { lab_holder >&2; break; }
    sleep 1
  done
  cat "$lab_err" >&2
  return "$lab_rc"
}
`,
  shown: '',
};

/** A script around one call of apt-get or dpkg, which waits for locks and ends with its exit code. */
export function aptScript(argv: readonly string[], run: AptRun): Command {
  return sh`${aptPrelude}lab_wait=${run.lockTimeout}
${policyScript(run.policyRcD)}lab_apt ${argv}`;
}

/** Brings the lists up to date, trying again as often as told with growing pauses; prints the old and the new time of the lists first and last. */
export function aptUpdateScript(run: AptRun & { retries: number; maxDelay: number }): Command {
  // without Error-Mode a source that cannot be reached is a warning only
  return sh`${aptPrelude}lab_wait=${run.lockTimeout}
n=0 pause=1
while :; do
  rc=0
  lab_apt apt-get -q -o APT::Update::Error-Mode=any update || rc=$?
  [ $rc = 0 ] && grep -q '^[EW]: \(Failed to fetch\|Some index files failed\|The repository .* does not have a Release\)' "$lab_err" && rc=100
  [ $rc = 0 ] && break
  n=$((n + 1))
  [ $n -lt ${run.retries} ] || exit $rc
  grep -q 'Could not get lock\|Unable to lock' "$lab_err" && exit $rc
  [ $pause -le ${run.maxDelay} ] || pause=${run.maxDelay}
  sleep $pause
  pause=$((pause * 2))
done`;
}

function policyScript(answer: number | undefined): Script {
  if (answer === undefined) return { script: '' };
  return sh`lab_policy=/usr/sbin/policy-rc.d
lab_end() {
  rm -f "$lab_err" "$lab_policy"
  [ ! -e "$lab_policy.lab-saved" ] || mv -f "$lab_policy.lab-saved" "$lab_policy"
}
[ -e "$lab_policy.lab-saved" ] || [ ! -e "$lab_policy" ] || mv "$lab_policy" "$lab_policy.lab-saved"
printf '#!/bin/sh\nexit %s\n' ${answer} >"$lab_policy" && chmod 755 "$lab_policy" || exit
`;
}
