import { type Command, type Script, sh } from '../../../model/command.ts';
import type { UnarchiveArgs } from './unarchive-args.ts';

/**
 * Functions that list, compare and unpack `$archive` below `$dest`; what is unpacked is told by its first bytes. GNU tar compares by itself
 * (names, kinds, sizes, times, contents, and owners and bits where nobody wishes others); another tar's listing is compared by name and size,
 * zip archives by content. `$opts`, `$excludes` and `$includes` hold quoted words.
 */
const archiveLines: Script = {
  script: String.raw`case $(od -An -tx1 -N6 "$archive" | tr -d ' \n') in
504b*) handler=ZipArchive tool=unzip flag= ;;
1f8b*) handler=TgzArchive tool=tar flag=-z ;;
425a68*) handler=TarBzipArchive tool=tar flag=-j ;;
fd377a585a00*) handler=TarXzArchive tool=tar flag=-J ;;
28b52ffd*) handler=TarZstdArchive tool=tar flag=--zstd ;;
*) handler=TarArchive tool=tar flag= ;;
esac
printf 'handler:%s\n' "$handler"
command -v "$tool" >/dev/null 2>&1 || { printf 'Command "%s" could not be found\n' "$tool" >&2; exit 80; }
case $(tar --version 2>/dev/null) in *GNU*) gnu=yes style=--quoting-style=literal ;; *) gnu= style= ;; esac
transform=; [ -z "$gnu" ] || [ -z "$opts" ] || transform=--show-transformed-names
names() {
if [ "$tool" = unzip ]; then eval "unzip -l \"\$archive\" $includes $leave" | sed -n 's/^ *[0-9][0-9]*  *[0-9][0-9-]*  *[0-9][0-9]*:[0-9][0-9]*   //p'
else eval "tar -t $flag $style $transform $opts $excludes -f \"\$archive\" $includes" | sed 's|^/*||'; fi
}
leave=; [ -z "$leaves" ] || leave="-x $leaves"
all=$(names 2>"$err") || { cat "$err" >&2; exit 81; }
[ -n "$all" ] || { cat "$err" >&2; exit 81; }
literal() { printf '%s' "$1" | sed 's/[][*?\\]/\\&/g'; }
zip_same() {
printf '%s\n' "$all" | while IFS= read -r name; do
case $name in
*/) [ -d "$dest/$name" ] || exit 1 ;;
*) if [ -L "$dest/$name" ]; then [ "$(unzip -p "$archive" "$(literal "$name")" 2>/dev/null)" = "$(readlink "$dest/$name")" ] || exit 1
elif [ -f "$dest/$name" ]; then
[ -n "$newer" ] && [ "$dest/$name" -nt "$archive" ] || unzip -p "$archive" "$(literal "$name")" 2>/dev/null | cmp -s - "$dest/$name" || exit 1
else exit 1; fi ;;
esac
done
}
gnu_same() {
eval "tar --diff -C \"\$dest\" $flag $transform $opts $keep $excludes -f \"\$archive\" $includes" >"$err" 2>&1
root=$(id -u)
while IFS= read -r line; do
case $line in
*': : Warning: Cannot stat: '*) ;;
*': Uid differs') [ "$root" != 0 ] || [ -n "$owner" ] || return 1 ;;
*': Gid differs') [ "$root" != 0 ] || [ -n "$group" ] || return 1 ;;
*': Mode differs') [ -n "$mode" ] || return 1 ;;
*': Mod time differs'|*': Contents differ'|*': Size differs'|*': Symlink differs'|*': File type differs'|*': Not linked to '*|*': Warning: Cannot stat: '*|*': Invalid owner'*|*': Invalid group'*) return 1 ;;
esac
done <"$err"
}
tar_same() {
eval "tar -t -v $flag $opts $excludes -f \"\$archive\" $includes" | while read -r bits who size day time name; do
case $bits in
d*) [ -d "$dest/$name" ] || exit 1 ;;
l*) [ -L "$dest/$(printf '%s' "$name" | sed 's/ -> .*//')" ] || exit 1 ;;
*) [ -f "$dest/$name" ] && [ "$(stat -c %s "$dest/$name")" = "$size" ] || exit 1 ;;
esac
done
}
same() { if [ "$tool" = unzip ]; then zip_same; elif [ -n "$gnu" ]; then gnu_same; else tar_same; fi; }
unpack() {
if [ "$tool" = unzip ]; then eval "unzip -o -q $update $opts \"\$archive\" $includes $leave -d \"\$dest\""
else eval "tar -x -C \"\$dest\" $flag $transform $opts $keep $excludes -f \"\$archive\" $includes"; fi
}
each() { { printf '%s\n' "$all"; printf '%s\n' "$all" | sed -n 's|/.*||p' | sort -u; } | tr '\n' '\0' | (cd "$dest" && xargs -0 -r "$@"); }
kinds() { each stat -c '%n %f %u %g' -- 2>/dev/null | sort; }
own() {
[ -z "$owner" ] || each chown -h -- "$owner" || exit 61
[ -z "$group" ] || each chgrp -h -- "$group" || exit 62
[ -z "$mode" ] || each sh -c 'for f; do [ -L "$f" ] || chmod -- "$0" "$f" || exit 1; done' "$mode" || exit 63
}`,
};

const quoted = (words: readonly string[]): string =>
  words.map((word) => sh`${word}`.script).join(' ');

/** The names of an archive's place and of all that is asked, as shell variables. */
function variables(args: UnarchiveArgs, archive: Script, dest: string): Script {
  const { owner = '', group = '', mode = '', keep_newer: newer } = args;
  const excludes = args.exclude.map((each) => `--exclude=${each.replace(/\/+$/, '')}`);
  const { script } = sh`archive=${archive} dest=${dest} owner=${owner} group=${group} mode=${mode}
opts=${quoted(args.extra_opts)} excludes=${quoted(excludes)} leaves=${quoted(args.exclude)} includes=${quoted(args.include)}
newer=${newer ? 'yes' : ''} keep=${newer ? '--keep-newer-files' : ''} update=${newer ? '-u' : ''}`;
  return { script };
}

// what tools print is kept aside; the folder is private and goes with the script
const aside: Script = {
  script: `aside=$(mktemp -d) || exit 1
trap 'rm -rf -- "$aside"' EXIT
err=$aside/err`,
};

/** Only tells whether an archive of the host is unpacked already, and what is in it. */
export function compareCommand(args: UnarchiveArgs, archive: string, dest: string): Command {
  return sh`${variables(args, { script: sh`${archive}`.script }, dest)}
${aside}
${archiveLines}
if same; then echo compare:same; else echo compare:other; fi
printf 'kinds:%s\n' "$(each stat -c '%f %u %g %U %G' -- 2>/dev/null | sort -u | tr '\n' ',')"
printf 'files:\n%s\n' "$all"`;
}

/** Compares, unpacks where something differs, and sets owner, group and bits of all that is in the archive. */
export function unpackCommand(args: UnarchiveArgs, archive: Script, dest: string): Command {
  return sh`${variables(args, archive, dest)}
${aside}
${archiveLines}
if same; then echo compare:same; else
echo compare:other
unpack >"$aside/out" 2>"$err"; code=$?
printf 'unpacked:%s\n' "$code"
[ "$code" = 0 ] || { cat "$aside/out" "$err" >&2; exit 82; }
fi
if [ -n "$owner$group$mode" ]; then
before=$(kinds)
own
[ "$before" = "$(kinds)" ] || echo owned:yes
fi
printf 'files:\n%s\n' "$all"`;
}
