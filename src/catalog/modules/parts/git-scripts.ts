import { type Command, sh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';
import { type GitArgs, repoAddress, sshCommand } from './git-args.ts';

function settings(args: GitArgs): Command {
  const dest = { script: renderPath(args.dest ?? '', {}), shown: args.dest ?? '' };
  const program =
    args.executable === undefined ? 'git' : { script: renderPath(args.executable, {}) };
  const ssh = sshCommand(args);
  const yes = (flag: boolean) => (flag ? 'yes' : '');
  return sh`git=${program} dest=${dest} repo=${repoAddress(args)} version=${args.version} remote=${args.remote}
depth=${args.depth ?? ''} bare=${yes(args.bare)} force=${yes(args.force)} single=${yes(args.single_branch)} recursive=${yes(args.recursive)}
refspec=${args.refspec ?? ''} reference=${args.reference ?? ''} track=${yes(args.track_submodules)} verify=${yes(args.verify_commit)}
ssh=${ssh ?? ''} mask=${args.umask ?? ''}
${{ script: common }}`;
}

// git never asks at a terminal, and a key's file may begin with a tilde
const common = `export GIT_TERMINAL_PROMPT=0
[ -z "$ssh" ] || export GIT_SSH_COMMAND="$ssh"
[ -z "$mask" ] || umask "$mask"
command -v "$git" >/dev/null || { echo "git is missing on this host" >&2; exit 127; }
top=$dest; [ -n "$bare" ] || top=$dest/.git
if [ -f "$top" ]; then top=$(sed -n 's/^gitdir: //p' "$top"); case $top in /*) ;; *) top=$dest/$top ;; esac; fi`;

/** Prints what the working copy is: `there`, `before`, `changes` and `url`. */
export function lookScript(args: GitArgs): Command {
  return sh`${settings(args)}
${{
  script: `echo "dest=$dest"
[ -e "$top/config" ] || exit 0
echo there=yes
cd "$dest" || exit
echo "before=$("$git" rev-parse HEAD 2>/dev/null)"
[ -n "$bare" ] || ! "$git" status --porcelain | grep -qv '^??' || echo changes=yes
echo "url=$("$git" config --get "remote.$remote.url")"`,
}}`;
}

/** Prints `after=COMMIT`: what the remote has under the version. */
export function remoteScript(args: GitArgs): Command {
  return sh`${settings(args)}
${{
  script: `place=$repo
if [ "$version" = HEAD ]; then refs=$("$git" ls-remote "$place" HEAD)
else refs=$("$git" ls-remote "$place" "refs/heads/$version" "refs/tags/$version" "refs/tags/$version^{}"); fi || exit
found=$(printf '%s\\n' "$refs" | while read -r commit name; do
  case $name in
  HEAD | "refs/heads/$version") echo "1 $commit" ;;
  "refs/tags/$version^{}") echo "2 $commit" ;;
  "refs/tags/$version") echo "3 $commit" ;;
  esac
done | sort | sed -n '1s/^. //p')
echo "after=\${found:-$version}"`,
}}`;
}

/** Clones into a place that is empty or missing, and checks the version out. */
export function cloneScript(args: GitArgs): Command {
  return sh`${settings(args)}
${{ script: checkout }}
${{
  script: `mkdir -p -- "$(dirname -- "$dest")" || exit
set -- clone
if [ -n "$bare" ]; then set -- "$@" --bare; else set -- "$@" --origin "$remote"; fi
named=''
[ "$version" = HEAD ] || { [ -n "$depth$single" ] &&
  "$git" ls-remote "$repo" "refs/heads/$version" "refs/tags/$version" 2>/dev/null | grep -q . && named=yes; }
if [ -n "$depth" ]; then
  if [ "$version" = HEAD ] || [ -n "$refspec" ]; then set -- "$@" --depth "$depth"
  elif [ -n "$named" ]; then set -- "$@" --depth "$depth" --branch "$version"
  else echo 'warning=Ignoring depth argument. Shallow clones are only available for HEAD, branches, tags or in combination with refspec.'; fi
fi
[ -z "$reference" ] || set -- "$@" --reference "$reference"
[ -z "$single" ] || { set -- "$@" --single-branch; [ -z "$named" ] || [ -n "$depth" ] || set -- "$@" --branch "$version"; }
"$git" "$@" -- "$repo" "$dest" >&2 || exit
cd "$dest" || exit
if [ -n "$bare" ] && [ "$remote" != origin ]; then "$git" remote add "$remote" "$repo" || exit; fi
if [ -n "$refspec" ]; then "$git" fetch \${depth:+--depth "$depth"} "$remote" "$refspec" >&2 || exit; fi
[ -n "$bare" ] || switch
submodules
echo "after=$("$git" rev-parse HEAD 2>/dev/null)"`,
}}`;
}

/** Brings a working copy up to date. */
export function updateScript(args: GitArgs): Command {
  return sh`${settings(args)}
${{ script: checkout }}
${{
  script: `cd "$dest" || exit
if [ -n "$bare" ] || ! "$git" status --porcelain | grep -qv '^??'; then :; else "$git" reset --hard HEAD >&2 || exit; fi
if "$git" config --get "remote.$remote.url" >/dev/null; then "$git" remote set-url "$remote" "$repo"; else "$git" remote add "$remote" "$repo"; fi || exit
set -- fetch
shallow=''
if [ -n "$depth" ]; then
  if [ -n "$refspec" ]; then shallow=$refspec
  elif [ "$version" = HEAD ]; then shallow=$(head_branch)
  elif "$git" ls-remote "$remote" "refs/heads/$version" | grep -q .; then shallow=+refs/heads/$version:refs/remotes/$remote/$version
  elif "$git" ls-remote "$remote" "refs/tags/$version" | grep -q .; then shallow=+refs/tags/$version:refs/tags/$version; fi
fi
[ -z "$force" ] || set -- "$@" --force
if [ -n "$shallow" ]; then set -- "$@" --depth "$depth" "$remote" "$shallow"
elif [ -n "$bare" ]; then set -- "$@" "$remote" '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*'
else set -- "$@" --tags "$remote"; fi
if [ -n "$refspec" ] && [ -z "$shallow" ]; then set -- "$@" "$refspec"; fi
"$git" "$@" >&2 || { echo 'Failed to download remote objects and refs' >&2; exit 72; }
[ -n "$bare" ] || switch
submodules
echo "after=$("$git" rev-parse HEAD 2>/dev/null)"`,
}}`;
}

const checkout = `head_branch() {
  name=$("$git" symbolic-ref -q "refs/remotes/$remote/HEAD")
  [ -n "$name" ] || name=$("$git" ls-remote --symref "$remote" HEAD | sed -n 's|^ref: refs/heads/\\(.*\\)\\tHEAD$|refs/remotes/x/\\1|p')
  name=\${name#refs/remotes/*/}
  printf '%s' "$name"
}
failed() { echo "Failed to checkout $1" >&2; exit 73; }
switch() {
  if [ "$version" = HEAD ]; then
    branch=$(head_branch)
    "$git" checkout --force "$branch" >&2 || failed "branch $branch"
    "$git" reset --hard "$remote/$branch" -- >&2 || failed "branch $branch"
  elif "$git" show-ref --verify --quiet "refs/remotes/$remote/$version"; then
    if "$git" show-ref --verify --quiet "refs/heads/$version"; then
      "$git" checkout --force "$version" >&2 || failed "branch $version"
      "$git" reset --hard "$remote/$version" >&2 || failed "$version"
    # a copy made in part follows one branch alone, and cannot track others
    else "$git" checkout --force --track -b "$version" "$remote/$version" >/dev/null 2>&1 ||
      "$git" checkout --force --no-track -b "$version" "$remote/$version" >&2 || failed "$version"; fi
  else "$git" checkout --force "$version" -- >&2 || failed "$version"; fi
  [ -z "$verify" ] || "$git" verify-commit HEAD >&2 || "$git" verify-tag "$version" >&2 ||
    { echo "Failed to verify GPG signature of commit/tag \\"$version\\"" >&2; exit 74; }
}
submodules() {
  [ -n "$recursive" ] && [ -z "$bare" ] && [ -f .gitmodules ] || return 0
  old=$("$git" submodule status --recursive 2>/dev/null)
  "$git" submodule sync --recursive >&2 || exit
  "$git" submodule update --init --recursive \${track:+--remote} \${force:+--force} >&2 || exit
  [ "$old" = "$("$git" submodule status --recursive 2>/dev/null)" ] || echo submodules=yes
}`;
