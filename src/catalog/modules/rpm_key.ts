import { bool, str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import {
  ask,
  defineModule,
  done,
  type Planned,
  probeScript,
  type Ran,
} from '../../model/module.ts';
import { fetchFunction } from './parts/host-fetch.ts';
import { alter, complaintOf, fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

interface Args {
  key: string;
  state: string;
  fingerprint: string | undefined;
  validate_certs: boolean;
}

export default defineModule<Args>({
  name: 'rpm_key',
  collection: 'ansible.builtin',
  summary: 'Adds and removes keys that rpm trusts.',
  args: {
    key: str({ required: true }),
    state: str({ fallback: 'present', choices: ['present', 'absent'] }),
    fingerprint: str(),
    validate_certs: bool({ fallback: true }),
  },
  isLocal: true,
  inspect: (args) => ask({ look: probeScript(lookScript(args)) }, ({ look }) => plan(args, look)),
});

const isKeyId = (key: string) => /^(0x)?[0-9a-f]{8,40}$/i.test(key.replace(/\s+/g, ''));
const hexOf = (text: string) => text.replace(/\s+/g, '').replace(/^0x/i, '').toLowerCase();

/** Brings the key into the file `$k`. */
function offerScript({ key, validate_certs }: Args) {
  return key.includes('://')
    ? sh`${fetchFunction}lab_insecure=${validate_certs ? '' : 'yes'}
lab_fetch ${key} "$k" || exit`
    : sh`cat ${key} >"$k" || exit`;
}

/** Prints rpm's keys (rpmkeys(8); their version is the short id) and the id and fingerprint of the offered one. */
function lookScript(args: Args) {
  return sh`command -v rpm >/dev/null || { echo "rpm is not installed on this host" >&2; exit 127; }
rpm -q gpg-pubkey --qf ${'@@has %{VERSION}-%{RELEASE}\\n'} 2>/dev/null | grep @@has
[ -n ${isKeyId(args.key) ? '' : 'yes'} ] || exit 0
command -v gpg >/dev/null || { echo "gpg is not installed on this host" >&2; exit 127; }
GNUPGHOME=$(mktemp -d) || exit
export GNUPGHOME
trap 'rm -rf "$GNUPGHOME"' EXIT
k=$GNUPGHOME/key
${{ script: offerScript(args).script }}
gpg --no-options --batch --with-colons --import-options show-only --import "$k" 2>/dev/null | sed -n 's/^\(pub\|fpr\):/@@\1:/p'
true`;
}

function plan(args: Args, look: Ran): Planned {
  if (look.exitCode !== 0) return fail(`cannot read the key: ${complaintOf(look)}`);
  const keys = [...look.stdout.matchAll(/^@@has ([0-9a-f]+)-(\S+)$/gm)].map(
    ([, id = '', rest = '']) => ({ id, rest }),
  );
  const fingerprint = /^@@fpr:(?:[^:]*:){8}([0-9A-F]+)/m.exec(look.stdout)?.[1] ?? '';
  const id = isKeyId(args.key) ? hexOf(args.key) : fingerprint.toLowerCase();
  if (id === '') return fail(`Not a valid key ${args.key}`);
  if (
    args.fingerprint !== undefined &&
    fingerprint !== '' &&
    hexOf(args.fingerprint) !== fingerprint.toLowerCase()
  )
    return fail(
      `The specified fingerprint, '${args.fingerprint}', does not match the key fingerprint '${fingerprint}'`,
    );
  const there = keys.find((key) => id.endsWith(key.id));
  if ((there !== undefined) === (args.state === 'present')) return done({ changed: false });
  if (there !== undefined)
    return alter({
      actions: [script(sh`rpm --erase --allmatches ${`gpg-pubkey-${there.id}-${there.rest}`}`)],
      result: { changed: true, changes: [`removed key ${id}`] },
    });
  if (isKeyId(args.key)) return fail('When importing a key, a valid file must be given');
  return alter({
    actions: [
      script(sh`k=$(mktemp) || exit
trap 'rm -f "$k"' EXIT
${{ script: offerScript(args).script }}
rpm --import "$k"`),
    ],
    result: { changed: true, changes: [`added key ${fingerprint}`] },
    failure: (ran) => `rpm --import failed: ${complaintOf(ran)}`,
  });
}
