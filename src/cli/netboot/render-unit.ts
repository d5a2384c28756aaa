import { LabError } from '../../model/lab-error.ts';

/** What the unit of the boot service is made from; absolute paths. */
export interface UnitWish {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly projectFolder: string;
  readonly stateFolder: string;
}

/** A unit for /etc/systemd/system (systemd.service(5), systemd.exec(5)): root with the four rights that DHCP, TFTP and giving up root need, a file system that is read-only but for the state folder. */
export function renderUnit({ command, projectFolder, stateFolder }: UnitWish): string {
  return `[Unit]
Description=Labkit boot service
Documentation=man:dnsmasq(8)
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart=${command.map(unitWord).join(' ')}
WorkingDirectory=${unitPath(projectFolder)}
Restart=on-failure
RestartSec=2
TimeoutStopSec=20
KillMode=mixed
RuntimeDirectory=labkit
RuntimeDirectoryMode=0755
UMask=0077

CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_NET_RAW CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_KILL
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=${unitPath(stateFolder)}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK AF_PACKET
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
MemoryMax=512M

[Install]
WantedBy=multi-user.target
`;
}

/** One word of a command line in a unit: quoted, specifiers and variables doubled. */
export function unitWord(text: string): string {
  const plain = requirePlain(text).replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w%$./:@=+,-]+$/.test(plain)
    ? plain
    : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A path as the value of a setting. */
function unitPath(text: string): string {
  const plain = requirePlain(text).replaceAll('%', '%%');
  if (/[\s"'\\]/.test(plain))
    throw new LabError('input', `${text} cannot stand in a unit`, 'use a folder without blanks');
  return plain;
}

function requirePlain(text: string): string {
  if (!/\p{Cc}/u.test(text)) return text;
  throw new LabError('input', `${JSON.stringify(text.slice(0, 60))} has control characters`);
}
