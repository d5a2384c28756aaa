# shellcheck shell=dash
# Brings the bytes of an image to the disk: chunk by chunk, each compared with the manifest before it goes on.

# chunk_sum FILE INDEX: what the manifest promises.
chunk_sum() {
  awk -v name="$1" -v at="$2" '$1 == name && $2 == at { print $3; exit }' "$job/chunk"
}

# give_up REASON: ends the stream; the first reason counts.
give_up() {
  [ -e "$work/stop" ] || printf '%s\n' "$1" >"$work/stop"
  return 1
}

# download FILE FIRST LAST OUT: one range; prints the status, and returns what curl does. A transfer that gets on may take as long as it wants.
download() {
  curl --silent --show-error --noproxy '*' --range "$2-$3" --output "$4" --write-out '%{http_code}' --connect-timeout 5 \
    --speed-limit 1000 --speed-time 20 --config "$work/auth" "$server/boot/image/$(cat "$job/image")/$1" 2>>"$work/log"
}

# fetch_chunk FILE INDEX BYTES CHUNKBYTES: leaves the chunk as $work/chunk.INDEX, checked; over restarts of the server it waits for up to ten minutes.
fetch_chunk() {
  chunk_first=$(($2 * $4)) chunk_last=$((($2 + 1) * $4 - 1)) chunk_file=$work/chunk.$2
  [ "$chunk_last" -lt "$3" ] || chunk_last=$(($3 - 1))
  chunk_promised=$(chunk_sum "$1" "$2") chunk_wrong=0 chunk_pause=1
  chunk_end=$(($(uptime_cs) + 60000))
  while [ ! -e "$work/stop" ]; do
    chunk_status=$(download "$1" "$chunk_first" "$chunk_last" "$chunk_file.part")
    case $?:$chunk_status in
      0:206 | 0:200)
        # By its path, as tar below: that of coreutils is three times as fast as busybox's.
        if printf '%s  %s\n' "$chunk_promised" "$chunk_file.part" | /usr/bin/sha256sum -c >/dev/null 2>&1; then
          mv "$chunk_file.part" "$chunk_file" && return
          give_up "chunk $2 of $1 could not be kept" || return 1
        fi
        chunk_wrong=$((chunk_wrong + 1))
        say "chunk $2 of $1 is not what the manifest promises (try $chunk_wrong)"
        [ "$chunk_wrong" -lt 3 ] || give_up "chunk $2 of $1 is not what the manifest promises" || return 1
        ;;
      # CURLE_WRITE_ERROR (libcurl-errors(3)).
      23:*) give_up "no memory for chunk $2 of $1" || return 1 ;;
      0:401 | 0:403 | 0:410) give_up "the server ended this installation ($chunk_status)" || return 1 ;;
      0:404) give_up "chunk $2 of $1 cannot be had: the server does not have this file" || return 1 ;;
      0:416) give_up "chunk $2 of $1 cannot be had: on the server this file has another length than the manifest promises" || return 1 ;;
      0:*) say "the server does not answer ($chunk_status), trying again" ;;
      *) say "the server does not answer (cut off), trying again" ;;
    esac
    [ "$(uptime_cs)" -lt "$chunk_end" ] || give_up 'the server has not answered for ten minutes' || return 1
    sleep "$chunk_pause"
    [ "$chunk_pause" -ge 4 ] || chunk_pause=$((chunk_pause * 2))
  done
  return 1
}

# count_bytes MORE: how far the disk is; read by the reporter.
count_bytes() {
  written_bytes=$((written_bytes + $1))
  echo "$written_bytes" >"$work/done.new"
  mv "$work/done.new" "$work/done"
}

# unpack ROLE PLACE: stdin to a folder (root archive) or a partition; keeps the reason when a program fails.
unpack() {
  { zstd -dcq 2>"$work/zstd.log" || unpacking_failed $?; } |
    case $1 in
      root-archive)
        # By its path: busybox has a tar of its own, which knows no attributes. Access lists come as attributes; --acls would set one for every file.
        /usr/bin/tar -xp -b 256 --xattrs '--xattrs-include=*' --numeric-owner --warning=no-timestamp -C "$2" 2>"$work/write.log" ||
          give_up "writing the files failed: $(last_words "$work/write.log" "tar ended with $?")"
        ;;
      *)
        partclone.restore -L "$work/partclone.log" -s - -o "$2" >"$work/write.log" 2>&1 ||
          give_up "writing the partition failed: $(last_words "$work/write.log" "partclone ended with $?")"
        ;;
    esac
}

# unpacking_failed STATUS: a pipe that broke is the fault of who reads it, and that one says why.
unpacking_failed() {
  [ "$1" -ne 141 ] && ! grep -q 'Broken pipe' "$work/zstd.log" || return 0
  give_up "the image cannot be unpacked: $(last_words "$work/zstd.log" "zstd ended with $1")"
}

# last_words FILE ELSE: what a program that failed said of the reason; ELSE where it said nothing.
last_words() {
  words_said=$(grep -i 'error\|cannot\|no space\|unsupported\|zstd:\|tar:' "$1" 2>/dev/null | grep -v 'Exiting with failure' | head -n 1)
  printf '%s\n' "${words_said:-$2}"
}

# stream_file NAME ROLE BYTES CHUNKBYTES PLACE: the whole file, the next chunk on its way while this one is unpacked. $work/stop says why it failed; whoever takes part and ends badly makes it fail.
stream_file() {
  stream_count=$((($3 + $4 - 1) / $4)) stream_at=0
  rm -f "$work/pipe"
  mkfifo "$work/pipe" || give_up 'no pipe could be made' || return 1
  unpack "$2" "$5" <"$work/pipe" &
  stream_reader=$!
  exec 9>"$work/pipe"
  fetch_chunk "$1" 0 "$3" "$4" 9>&- || give_up "fetching chunk 0 of $1 failed"
  while [ "$stream_at" -lt "$stream_count" ] && [ ! -e "$work/stop" ]; do
    stream_next=$((stream_at + 1)) stream_fetch=''
    if [ "$stream_next" -lt "$stream_count" ]; then
      fetch_chunk "$1" "$stream_next" "$3" "$4" 9>&- &
      stream_fetch=$!
    fi
    stream_bytes=$(wc -c <"$work/chunk.$stream_at")
    # The reader's own reason comes first: it is gone when writing to it fails.
    cat "$work/chunk.$stream_at" >&9 2>>"$work/log" || { await_part "$stream_reader" 'the unpacking program'; give_up 'the unpacking program ended early'; }
    rm -f "$work/chunk.$stream_at"
    count_bytes "$stream_bytes"
    [ -z "$stream_fetch" ] || await_part "$stream_fetch" "fetching chunk $stream_next of $1"
    stream_at=$stream_next
  done
  exec 9>&-
  await_part "$stream_reader" 'the unpacking program'
  [ ! -e "$work/stop" ]
}

# await_part PROCESS NAME: waits for a part of the stream; one that was killed had no time for a reason of its own.
await_part() {
  wait "$1"
  part_status=$?
  [ $part_status -eq 0 ] || give_up "$2 ended with $part_status"
}

# keep_reporting: every two seconds, in the background, until it is ended; `stop` ends the stream before its next chunk.
keep_reporting() {
  report_total=$(cat "$job/bytes") report_start=$(uptime_cs) report_shown=0
  while :; do
    read -r report_done <"$work/done"
    report_now=$(uptime_cs)
    report_rate=$((report_done * 100 / (report_now - report_start + 1)))
    show_progress "$report_done" "$report_total" "$report_rate"
    if [ $((report_done * 10 / report_total)) -gt "$report_shown" ]; then
      report_shown=$((report_done * 10 / report_total))
      say "writing $((report_done * 100 / report_total)) %, $((report_rate / 1000)) kB/s"
    fi
    report_status=$(send /boot/report "$work/reply" stage=writing "done=$report_done" "total=$report_total" "rate=$report_rate")
    report_reply=''
    { read -r report_reply <"$work/reply"; } 2>/dev/null
    case $report_status$report_reply in
      200stop*) give_up "stopped by the server: $(printf '%s' "${report_reply#stop}" | printable | cut -c 2-200)" ;;
      200*) ;;
      401* | 403* | 404* | 410*) give_up "the server ended this installation: $(first_words "$work/reply")" ;;
    esac
    sleep 2
  done
}

# write_image: every file of the job.
write_image() {
  written_bytes=0
  echo 0 >"$work/done"
  keep_reporting &
  reporter=$!
  while read -r image_file image_role image_bytes image_chunk image_partition; do
    image_place=$target
    [ "$image_role" = root-archive ] || image_place=$(partition_node "$disk" "$image_partition")
    stream_file "$image_file" "$image_role" "$image_bytes" "$image_chunk" "$image_place" </dev/null || break
  done <"$job/file"
  # A report on its way is no loss, two seconds of waiting for the next one are.
  kill "$reporter" 2>/dev/null
  wait "$reporter" 2>/dev/null
  reporter_status=$?
  # 143: ended by the line above (SIGTERM). Else nobody heard whether the server wanted a stop.
  [ $reporter_status -eq 143 ] || give_up "telling the progress ended with $reporter_status"
  [ ! -e "$work/stop" ]
}
