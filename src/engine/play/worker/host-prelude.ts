import { fineStatForm, statForm } from './stat-form.ts';

/** Functions every turn relies on, for dash, bash and busybox sh. `lk_m` holds the turn's random marker: only lines that begin with it are ours.
 * What a task runs writes into files of a private folder, so that what it leaves in the background can neither hold us up nor mix with later answers. */
export const prelude = String.raw`PATH=${'$'}{PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin; export PATH
case $(stat -c %.9Y / 2>/dev/null) in *[0-9].[0-9]*) lk_form='${fineStatForm}' ;; *) lk_form='${statForm}' ;; esac
lk_dir= lk_n=0 lk_w=0 lk_bad= lk_f= lk_v= lk_t=0
trap 'lk_tidy; [ -z "$lk_dir" ] || rm -rf "$lk_dir"' EXIT
trap 'exit 129' HUP; trap 'exit 141' PIPE; trap 'exit 143' TERM
lk_mark() { printf '\n%s %s\n' "$lk_m" "$*"; printf '\n%s\n' "$lk_m" >&2; }
lk_hello() { (LC_ALL=C; export LC_ALL; lk_now; date '+%s.%N %z'; printf '%s\n' "$lk_t"; id; printf '%s\n' "$HOME") </dev/null; lk_mark e 0 0 0; }
lk_end() { printf '\n%s,\n' "$lk_m"; }
lk_now() { read -r lk_t lk_x </proc/uptime || lk_t=$(date +%s); } 2>/dev/null
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
if command -v timeout >/dev/null 2>&1; then timeout -k 5 "$lk_k" /bin/sh "$lk_p"; return; fi
/bin/sh "$lk_p" & lk_p=$!
( sleep "$lk_k"; kill "$lk_p"; sleep 5; kill -9 "$lk_p" ) >/dev/null 2>&1 & lk_k=$!
wait "$lk_p"; lk_x=$?; kill "$lk_k" 2>/dev/null; return "$lk_x"; }
lk_act() {
if [ -n "$lk_bad" ]; then lk_mark s; return; fi
[ -n "$lk_dir" ] || lk_room || { lk_mark e 1 0 0; lk_bad=1; return; }
lk_n=$((lk_n + 1)); lk_o=$lk_dir/$lk_n
[ -z "$lk_i" ] || { (umask 077; printf %b "$lk_i" >"$lk_o.i"); lk_i=$lk_o.i; }
lk_now; lk_a=$lk_t
if [ "$2" = 0 ]; then (eval "$lk_e"; lk_c; eval "$lk_s") <"${'$'}{lk_i:-/dev/null}" >"$lk_o" 2>"$lk_o.e"
else (umask 077; printf '%s\n' "$lk_s" >"$lk_o.s"); (eval "$lk_e"; lk_c; lk_limit "$2" "$lk_o.s") <"${'$'}{lk_i:-/dev/null}" >"$lk_o" 2>"$lk_o.e"
fi
lk_r=$?
lk_now
if [ -s "$lk_o" ]; then head -c "$lk_max" "$lk_o"; fi
if [ -s "$lk_o.e" ]; then head -c "$lk_max" "$lk_o.e" >&2; fi
lk_mark e "$lk_r" "$lk_a" "$lk_t"
{ : >"$lk_o"; : >"$lk_o.e"; } 2>/dev/null
[ -z "$lk_i" ] || rm -f "$lk_i"
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
