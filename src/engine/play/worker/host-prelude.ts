import { fineStatForm, statForm } from './stat-form.ts';

/** Functions every turn relies on, for dash, bash and busybox sh. `lk_m` holds the turn's random marker: only lines that begin with it are ours.
 * What a task leaves in the background may go on printing: `lk_hold` lists the processes that hold our output, and an action after which there are
 * others than before says so, by a word more. Nothing is written anywhere but for a time limit and small uploads.
 * What a shell itself says of a command that was killed goes to /dev/null: it is no output of the command. */
export const prelude = String.raw`PATH=${'$'}{PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin; export PATH
case $(stat -c %.9Y / 2>/dev/null) in *[0-9].[0-9]*) lk_form='${fineStatForm}' ;; *) lk_form='${statForm}' ;; esac
lk_dir= lk_n=0 lk_w=0 lk_bad= lk_f= lk_v= lk_t=0
trap 'lk_tidy; [ -z "$lk_f" ] || rm -f "$lk_f"; [ -z "$lk_dir" ] || rm -rf "$lk_dir"' EXIT
trap 'exit 129' HUP; trap 'exit 141' PIPE; trap 'exit 143' TERM
lk_mark() { printf '\n%s %s\n' "$lk_m" "$*"; printf '\n%s\n' "$lk_m" >&2; }
lk_end() { printf '\n%s,\n' "$lk_m"; }
lk_now() { read -r lk_t lk_x </proc/uptime || lk_t=$(date +%s); } 2>/dev/null
lk_hold() {
lk_h=
for lk_x in /proc/[0-9]*; do
if [ "$lk_x/fd/1" -ef "/proc/$$/fd/1" ] || [ "$lk_x/fd/2" -ef "/proc/$$/fd/2" ]; then lk_h="$lk_h $lk_x"; fi
done; } 2>/dev/null
lk_hello() {
(LC_ALL=C; export LC_ALL; lk_now; date '+%s.%N %z'; printf '%s\n' "$lk_t"; id; printf '%s\n' "$HOME") </dev/null
lk_hold; lk_own=$lk_h; lk_mark e 0 0 0; }
lk_c() {
case ${'$'}{LC_ALL+x} in x) lab_lc=$LC_ALL lab_locale='LC_ALL=$lab_lc; unset lab_lc lab_locale' ;; *) lab_lc= lab_locale='unset LC_ALL lab_lc lab_locale' ;; esac
LC_ALL=C; export LC_ALL lab_lc lab_locale; }
lk_stat() {
lk_l=$1 lk_k=; shift
for lk_p do shift
if [ -e "$lk_p" ] || { [ "$lk_l" = P ] && [ -L "$lk_p" ]; }; then lk_k=${'$'}{lk_k}y; set -- "$@" "$lk_p"
else lk_q=${'$'}{lk_p%/*}; while [ -n "$lk_q" ] && [ ! -e "$lk_q" ]; do lk_q=${'$'}{lk_q%/*}; done
if [ -d "$lk_q" ] && [ ! -x "$lk_q" ]; then lk_k=${'$'}{lk_k}d; else lk_k=${'$'}{lk_k}n; fi
fi
done
printf '%s' "$lk_k"; lk_end
if [ $# = 0 ]; then lk_end; return; fi
case $lk_l in P) stat -c "$lk_form" -- "$@" ;; *) stat -L -c "$lk_form" -- "$@" ;; esac
lk_end
[ "$lk_l" = P ] || return 0
for lk_p do
if [ -L "$lk_p" ]; then
readlink "$lk_p"; lk_end
if [ -e "$lk_p" ]; then readlink -f "$lk_p"; fi; lk_end
fi
done; }
lk_sums() {
lk_l=$1 lk_k=; shift
command -v "$lk_l" >/dev/null 2>&1 || lk_l=:
for lk_p do shift
if [ -f "$lk_p" ] && [ -r "$lk_p" ]; then lk_k=${'$'}{lk_k}y; set -- "$@" "$lk_p"; else lk_k=${'$'}{lk_k}n; fi
done
printf '%s' "$lk_k"; lk_end
if [ $# != 0 ]; then "$lk_l" "$@"; fi; lk_end; }
lk_read() { if [ -f "$2" ] && [ -r "$2" ]; then printf y; head -c "$1" <"$2"; else printf n; fi; lk_end; }
lk_get() {
if command -v getent >/dev/null 2>&1; then getent "$1" "$2"
else while IFS= read -r lk_x || [ -n "$lk_x" ]; do case $lk_x in "$2":*) printf '%s\n' "$lk_x"; break ;; esac; done <"/etc/$1"
fi; lk_end; }
lk_room() {
for lk_x in "$XDG_RUNTIME_DIR" /dev/shm /run /tmp /var/tmp "$HOME"; do
[ -d "$lk_x" ] && [ -w "$lk_x" ] && mkdir -m 700 "$lk_x/.labkit-$lk_key" 2>/dev/null && lk_dir=$lk_x/.labkit-$lk_key && return 0
done
echo 'no folder for temporary files can be written' >&2; return 1; }
lk_full() {
lk_x=${'$'}{1%/*}
df -Pk "$lk_x/" 2>/dev/null | { read -r lk_x; read -r lk_x lk_x lk_x lk_p lk_x; [ "$lk_p" != 0 ] || printf '%s\n' "no space left on the file system of ${'$'}{1%/*}" >&2; }; }
lk_limit() {
lk_k=$1 lk_p=$2
if command -v timeout >/dev/null 2>&1; then
timeout -k 5 "$lk_k" /bin/sh "$lk_p" <&3; lk_x=$?
case $lk_x in 137|143) lk_a=${'$'}{lk_t%.*}; lk_now; [ "$((${'$'}{lk_t%.*} - lk_a + 1))" -lt "$lk_k" ] || lk_x=124 ;; esac
return "$lk_x"
fi
/bin/sh "$lk_p" <&3 & lk_p=$!
( sleep "$lk_k"; kill "$lk_p"; sleep 5; kill -9 "$lk_p" ) >/dev/null 2>&1 3<&- & lk_k=$!
wait "$lk_p"; lk_x=$?
if kill "$lk_k" 2>/dev/null; then return "$lk_x"; fi
return 124; }
lk_run() {
eval "$lk_e"; lk_c
if [ "$1" = 0 ]; then eval "$lk_s"; else lk_limit "$1" "$lk_o" 3<&0; fi; }
lk_act() {
if [ -n "$lk_bad" ]; then lk_mark s; return; fi
if [ "$2" != 0 ]; then
[ -n "$lk_dir" ] || lk_room || { lk_mark e 1 0 0; lk_bad=1; return; }
lk_n=$((lk_n + 1)) lk_o=$lk_dir/$lk_n
(umask 077; printf '%s\n' "$lk_s" >"$lk_o") || { lk_full "$lk_o"; lk_mark e 1 0 0; lk_bad=1; return; }
fi
lk_now; lk_a=$lk_t
{
if [ -z "$lk_i" ]; then (lk_run "$2") </dev/null 2>&4 4>&-; else printf %b "$lk_i" | (lk_run "$2") 2>&4 4>&-; fi
lk_r=$?
} 4>&2 2>/dev/null
lk_now; lk_b=$lk_t; lk_hold
if [ "$lk_h" = "$lk_own" ]; then lk_mark e "$lk_r" "$lk_a" "$lk_b"; else lk_mark e "$lk_r" "$lk_a" "$lk_b" held; fi
[ "$2" = 0 ] || rm -f "$lk_o"
[ "$lk_r" = 0 ] || [ "$1" = 1 ] || lk_bad=1; }
lk_make() {
lk_f=
if [ -n "$lk_bad" ]; then lk_mark s; return; fi
if [ -z "$1" ]; then [ -n "$lk_dir" ] || lk_room || { lk_mark e 1 0 0; lk_bad=1; return; }; lk_f=$lk_dir/$2
else lk_f=${'$'}{1%/*}/.labkit-$lk_key-$2; fi
lk_r=0; (umask 077; set -C; printf %b "$lk_s" >"$lk_f") || { lk_r=1 lk_bad=1; lk_full "$lk_f"; rm -f "$lk_f"; lk_f=; }
lk_mark e "$lk_r" 0 0; }
lk_keep() { lk_w=$((lk_w + 1)); eval "lk_f$lk_w=\$1"; }
lk_tidy() {
while [ "$lk_w" -gt 0 ]; do
eval "lk_x=\$lk_f$lk_w"; lk_w=$((lk_w - 1))
if [ -e "$lk_x" ]; then rm -f "$lk_x"; fi
done
[ -z "$lk_v" ] || unset $lk_v
lk_v=; }
`;
