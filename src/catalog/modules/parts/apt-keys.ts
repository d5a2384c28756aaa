import { type Command, type Script, sh } from '../../../model/command.ts';
import { fetchFunction } from './host-fetch.ts';

/** Arguments of `apt_key`, by Ansible's names. */
export interface AptKeyArgs {
  id: string | undefined;
  url: string | undefined;
  data: string | undefined;
  file: string | undefined;
  keyserver: string | undefined;
  keyring: string | undefined;
  state: string;
  validate_certs: boolean;
}

/** What a host's apt trusts, and the keys that were offered; ids are whole fingerprints in capitals. */
export interface KeysFound {
  readonly trusted: readonly string[];
  readonly offered: readonly string[];
  /** Ids of trusted and offered keys and their subkeys, long and short. */
  readonly all: readonly string[];
  readonly offeredIds: readonly string[];
}

/** The id without 0x and blanks, in capitals; undefined when it is none of 8, 16, 40 (or more) hex digits. */
export function readKeyId(id: string): string | undefined {
  const bare = id.replace(/\s+/g, '').replace(/^0x/i, '').toUpperCase();
  return /^([0-9A-F]{8}|[0-9A-F]{16,64})$/.test(bare) ? bare : undefined;
}

/** Prints fingerprints and key ids of the keys in a file (gpg(1), `--with-colons`: doc/DETAILS of GnuPG). */
const gpgFunctions: Script = {
  script: `command -v gpg >/dev/null || { echo "gpg is not installed on this host: install gnupg, or use deb822_repository with signed_by" >&2; exit 127; }
GNUPGHOME=$(mktemp -d) || exit
export GNUPGHOME
trap 'rm -rf "$GNUPGHOME"' EXIT
lab_ids() { gpg --no-options --batch --with-colons --import-options show-only --import "$1" 2>/dev/null | sed -n 's/^\\(pub\\|sub\\|fpr\\):.*/&/p' | awk -F : '$1 == "pub" || $1 == "sub" { print $1, $5 } $1 == "fpr" { print "fpr", $10 }'; }
`,
  shown: '',
};

/** Brings the offered key into the file \`$offered\`. */
function offerScript(args: AptKeyArgs): Command | undefined {
  if (args.data !== undefined) return sh`printf '%s\n' ${args.data} >"$offered"`;
  if (args.file !== undefined) return sh`cat ${args.file} >"$offered" || exit`;
  if (args.url !== undefined)
    return sh`${fetchFunction}lab_insecure=${args.validate_certs ? '' : 'yes'}
lab_fetch ${args.url} "$offered" || exit`;
  if (args.keyserver !== undefined && args.id !== undefined)
    return sh`gpg --no-options --batch --keyserver ${args.keyserver} --recv-keys ${readKeyId(args.id) ?? args.id} >&2 && gpg --no-options --batch --export >"$offered" || exit`;
  return undefined;
}

/** Lists trusted and offered keys; fetches the offered one only when the wanted id is not trusted yet. */
export function keysLook(args: AptKeyArgs): Command {
  const offer = args.state === 'present' ? offerScript(args) : undefined;
  const wanted = args.id === undefined ? '' : (readKeyId(args.id) ?? '');
  return sh`${gpgFunctions}echo @@trusted
for f in ${args.keyring === undefined ? ['/etc/apt/trusted.gpg'] : [args.keyring]} ${args.keyring === undefined ? { script: '/etc/apt/trusted.gpg.d/*.gpg /etc/apt/trusted.gpg.d/*.asc' } : []}; do
  [ ! -s "$f" ] || lab_ids "$f"
done >"$GNUPGHOME/trusted"
cat "$GNUPGHOME/trusted"
wanted=${wanted}
[ -z "$wanted" ] || ! grep -q "$wanted\$" "$GNUPGHOME/trusted" || exit 0
offered=$GNUPGHOME/offered
${offer === undefined ? { script: 'exit 0' } : { script: offer.script }}
echo @@offered
lab_ids "$offered"`;
}

/** Reads what `keysLook` printed. */
export function parseKeys(stdout: string): KeysFound {
  const [trusted = '', offered = ''] = stdout.split('@@offered\n');
  return {
    trusted: primaryKeys(trusted),
    offered: primaryKeys(offered),
    all: everyId(trusted),
    offeredIds: everyId(offered),
  };
}

/** Fingerprints of primary keys: the `fpr` line right after `pub`. */
function primaryKeys(text: string): string[] {
  return [...text.matchAll(/^pub \S+\nfpr (\S+)/gm)].map(([, fingerprint = '']) => fingerprint);
}

const everyId = (text: string): string[] =>
  [...text.matchAll(/^(?:pub|sub|fpr) (\S+)/gm)].map(([, id = '']) => id);

/** Adds the offered key to a keyring file that apt reads: plain OpenPGP packets one after another, not gpg's keybox. */
export function addKeyScript(args: AptKeyArgs, keyring: string): Command {
  const offer = offerScript(args);
  return sh`${gpgFunctions}offered=$GNUPGHOME/offered
${{ script: offer?.script ?? 'exit 1' }}
keyring=${keyring}
mkdir -p "$(dirname "$keyring")" && t=$(mktemp "$keyring.lab-XXXXXX") || exit
[ ! -s "$keyring" ] || gpg --no-options --batch --quiet --import "$keyring" >&2 || { rm -f "$t"; exit 1; }
gpg --no-options --batch --quiet --import "$offered" >&2 && gpg --no-options --batch --export >"$t" && [ -s "$t" ] && chmod 644 "$t" && mv -f "$t" "$keyring" || { rm -f "$t"; exit 1; }`;
}

/** Takes a key out of every keyring file that holds it; a file with no key left goes. */
export function removeKeyScript(fingerprint: string, keyring: string | undefined): Command {
  return sh`${gpgFunctions}for f in ${keyring === undefined ? ['/etc/apt/trusted.gpg'] : [keyring]} ${keyring === undefined ? { script: '/etc/apt/trusted.gpg.d/*.gpg /etc/apt/trusted.gpg.d/*.asc' } : []}; do
  [ -s "$f" ] && lab_ids "$f" | grep -qx "fpr "${fingerprint} || continue
  rm -rf "$GNUPGHOME"/* && gpg --no-options --batch --quiet --import "$f" >&2 || exit
  gpg --no-options --batch --yes --no-autostart --delete-keys ${fingerprint} >&2 || exit
  t=$(mktemp "$f.lab-XXXXXX") || exit
  case $f in *.asc) gpg --no-options --batch --armor --export >"$t" ;; *) gpg --no-options --batch --export >"$t" ;; esac
  if [ -s "$t" ]; then chmod 644 "$t" && mv -f "$t" "$f" || exit; else rm -f "$t" "$f"; fi
done`;
}
