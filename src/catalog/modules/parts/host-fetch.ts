import type { Script } from '../../../model/command.ts';

/**
 * Defines `lab_fetch ADDRESS FILE`, which fetches with what the host has: curl, wget or apt's helper. Certificates are judged by the host unless
 * `$lab_insecure` is set. Prints complaints on standard error.
 */
export const fetchFunction: Script = {
  script: `lab_fetch() {
  if command -v curl >/dev/null; then curl -fsSL \${lab_insecure:+-k} --retry 2 -o "$2" -- "$1"
  elif command -v wget >/dev/null; then wget -q \${lab_insecure:+--no-check-certificate} -O "$2" -- "$1"
  elif [ -x /usr/lib/apt/apt-helper ]; then /usr/lib/apt/apt-helper -q -o APT::Sandbox::User=root \${lab_insecure:+-o Acquire::https::Verify-Peer=false} download-file "$1" "$2" >/dev/null
  else echo "neither curl nor wget is installed on the host" >&2; return 127; fi
}
`,
  shown: '',
};
