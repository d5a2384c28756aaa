# shellcheck shell=dash
# What a person in the room sees: a full screen on the monitor, plain lines on a serial console.

# uptime_cs: hundredths of a second since the kernel started.
uptime_cs() {
  read -r uptime_text _ <"${uptime_file:-/proc/uptime}"
  uptime_text=${uptime_text%.*}${uptime_text#*.}
  # With a zero in front it would be octal, and 0.08 an error.
  while [ "${uptime_text#0}" != "$uptime_text" ] && [ "$uptime_text" != 0 ]; do uptime_text=${uptime_text#0}; done
  echo "$uptime_text"
}

# printable: stdin without anything a terminal could obey; other alphabets become "?", the text console has no letters for them.
printable() {
  LC_ALL=C tr -c '\n -~' '?'
}

# say TEXT: one line in the log and on each serial console.
say() {
  say_now=$(uptime_cs)
  say_line=$(printf 'labkit %d.%02d %s' $((say_now / 100)) $((say_now % 100)) "$1" | printable)
  printf '%s\n' "$say_line" >>"$work/log"
  for say_console in $serial_consoles; do printf '%s\r\n' "$say_line" >"$say_console" 2>/dev/null; done
}

# find_consoles: sorts the active consoles (proc_consoles(5): /proc/consoles) into monitor and serial ones.
find_consoles() {
  serial_consoles='' monitor_console=''
  while read -r console_name _; do
    case $console_name in
      tty0) monitor_console=/dev/tty0 ;;
      *) serial_consoles="$serial_consoles /dev/$console_name" ;;
    esac
  done </proc/consoles
}

# bar DONE TOTAL: 60 signs. Drawn while the processor is busy unpacking: no program is started for it.
bar() {
  bar_full=$(($1 * 60 / $2)) bar_at=0 bar_text=''
  while [ "$bar_at" -lt 60 ]; do
    if [ "$bar_at" -lt "$bar_full" ]; then bar_text="$bar_text#"; else bar_text="$bar_text-"; fi
    bar_at=$((bar_at + 1))
  done
  printf '[%s]\n' "$bar_text"
}

# time_left DONE TOTAL RATE: for a person; RATE in bytes a second.
time_left() {
  if [ "$3" -le 0 ]; then
    echo 'time left unknown'
  else
    left_minutes=$(((($2 - $1) / $3 + 59) / 60))
    if [ "$left_minutes" -eq 1 ]; then echo 'about 1 minute left'; else echo "about $left_minutes minutes left"; fi
  fi
}

# value_of KEY: a value of the job, or nothing while there is no job.
value_of() {
  [ ! -r "$job/$1" ] || cat "$job/$1"
}

# write_heading: what every screen begins with, once the job or the disk is known.
write_heading() {
  screen_heading=$(
    printf '   PC       %s   seat %s   %s\n' "$(value_of host)" "$(value_of seat)" "$(value_of room)"
    printf '   System   %s\n   Disk     %s\n' "$(value_of image)" "$disk_shown"
  )
  screen_heading=$(printf '%s\n' "$screen_heading" | printable | cut -c 1-79)
}

# paint TITLE LINES: the monitor's 80 x 25 characters; both must be printable.
paint() {
  [ -z "$monitor_console" ] || printf '\033[H\033[2J\n   %s\n\n%s\n\n%s\n' "$1" "$screen_heading" "$2" >"$monitor_console" 2>/dev/null
}

# show_stage TEXT: the screen while no bytes are counted.
show_stage() {
  say "$1"
  paint 'Labkit is installing this PC. Please do not switch it off.' "   $1 ..."
}

# show_progress DONE TOTAL RATE: the screen while the disk is written.
show_progress() {
  paint 'Labkit is installing this PC. Please do not switch it off.' "$(
    printf '   Writing the disk\n\n   %s %d %%\n\n' "$(bar "$1" "$2")" $(($1 * 100 / $2))
    printf '   %d of %d MB   %d.%d MB/s   %s' $(($1 / 1000000)) $(($2 / 1000000)) $(($3 / 1000000)) $(($3 / 100000 % 10)) "$(time_left "$1" "$2" "$3")"
  )"
}

# show_failure STAGE REASON HINT: the last screen; it stays.
show_failure() {
  say "failed in stage $1: $2; $3"
  paint 'NOT INSTALLED. This PC needs a technician.' "$(
    printf '   It stopped while: %s\n\n   Why:  %s\n\n   What to do:  %s\n\n' "$1" "$2" "$3" | printable | fold -s -w 74
    printf '\n   It will not try again by itself, and switches off in half an hour.\n'
  )"
}
