import type { AnswerFile, ProfileContext } from '../model/profile.ts';
import { hostLabel } from './install-scripts.ts';
import { finishScript, startnet } from './windows-scripts.ts';

/** What a site sets of Windows. */
export interface WindowsOptions {
  readonly share: string;
  readonly edition: string;
  readonly locale: string;
  readonly timezone: string;
  readonly keymap: string;
  readonly user: string;
  readonly productKey: string;
}

type Context = ProfileContext<WindowsOptions>;

/** Everything WinPE is handed: what starts instead of its setup, the script that chooses the disk, the answer file. */
export function windowsAnswers(context: Context): AnswerFile[] {
  const plain = 'text/plain; charset=utf-8';
  return [
    { name: 'winpeshl.ini', text: crlf(winpeshl), contentType: plain },
    { name: 'startnet.cmd', text: crlf(startnet(context)), contentType: plain },
    {
      name: 'unattend.xml',
      text: unattend(context),
      contentType: 'application/xml',
      validator: 'xml',
    },
    { name: 'finish.ps1', text: crlf(finishScript(context)), contentType: plain },
  ];
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** The installation media start setup.exe by themselves (Winpeshl.ini reference). */
const winpeshl = `[LaunchApps]
%SYSTEMDRIVE%\\Windows\\System32\\cmd.exe, /c %SYSTEMDRIVE%\\Windows\\System32\\startnet.cmd
`;

const namespaces =
  'xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"';

function component(name: string, ...lines: readonly string[]): string {
  const attributes = `name="${name}" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"`;
  return `    <component ${attributes}>\n${lines.map((line) => `      ${line}\n`).join('')}    </component>\n`;
}

/** The answer file (Unattended Windows Setup Reference): partitions for the firmware, edition, name, a technician's account whose password nobody knows, OpenSSH with keys. */
function unattend(context: Context): string {
  const { options, firmware } = context;
  const isUefi = firmware !== 'bios';
  const setup = 'Microsoft-Windows-Setup';
  return `<?xml version="1.0" encoding="utf-8"?>
<unattend ${namespaces}>
  <settings pass="windowsPE">
${component('Microsoft-Windows-International-Core-WinPE', `<SetupUILanguage><UILanguage>${elementText(options.locale)}</UILanguage></SetupUILanguage>`, ...languageLines(options))}${component(setup, ...diskLines(isUefi), ...imageLines(options, isUefi))}  </settings>
  <settings pass="specialize">
${component('Microsoft-Windows-Shell-Setup', `<ComputerName>${elementText(hostLabel(context.host).slice(0, 15))}</ComputerName>`, `<TimeZone>${elementText(options.timezone)}</TimeZone>`)}${component('Microsoft-Windows-Deployment', '<RunSynchronous>', ...commandLines(context), '</RunSynchronous>')}  </settings>
  <settings pass="oobeSystem">
${component('Microsoft-Windows-International-Core', ...languageLines(options))}${component('Microsoft-Windows-Shell-Setup', '<OOBE><HideEULAPage>true</HideEULAPage><HideOnlineAccountScreens>true</HideOnlineAccountScreens><HideWirelessSetupInOOBE>true</HideWirelessSetupInOOBE><ProtectYourPC>3</ProtectYourPC></OOBE>')}  </settings>
</unattend>
`;
}

function languageLines({ locale, keymap }: WindowsOptions): string[] {
  const [language, input] = [elementText(locale), elementText(keymap)];
  return [
    `<InputLocale>${input}</InputLocale>`,
    `<SystemLocale>${language}</SystemLocale>`,
    `<UILanguage>${language}</UILanguage>`,
    `<UserLocale>${language}</UserLocale>`,
  ];
}

function diskLines(isUefi: boolean): string[] {
  const create = (order: number, type: string, size: string): string =>
    `<CreatePartition wcm:action="add"><Order>${order}</Order><Type>${type}</Type>${size}</CreatePartition>`;
  const modify = (order: number, format: string, label: string): string =>
    `<ModifyPartition wcm:action="add"><Order>${order}</Order><PartitionID>${order}</PartitionID><Format>${format}</Format><Label>${label}</Label></ModifyPartition>`;
  const rest = '<Extend>true</Extend>';
  const created = isUefi
    ? [
        create(1, 'EFI', '<Size>300</Size>'),
        create(2, 'MSR', '<Size>16</Size>'),
        create(3, 'Primary', rest),
      ]
    : [create(1, 'Primary', '<Size>500</Size>'), create(2, 'Primary', rest)];
  const second =
    '<ModifyPartition wcm:action="add"><Order>2</Order><PartitionID>2</PartitionID></ModifyPartition>';
  const modified = isUefi
    ? [modify(1, 'FAT32', 'System'), second, modify(3, 'NTFS', 'Windows')]
    : [
        modify(1, 'NTFS', 'System').replace('</Label>', '</Label><Active>true</Active>'),
        modify(2, 'NTFS', 'Windows'),
      ];
  return [
    '<DiskConfiguration><WillShowUI>OnError</WillShowUI><Disk wcm:action="add">',
    '<DiskID>LABKIT_DISK</DiskID><WillWipeDisk>true</WillWipeDisk>',
    `<CreatePartitions>${created.join('')}</CreatePartitions>`,
    `<ModifyPartitions>${modified.join('')}</ModifyPartitions>`,
    '</Disk></DiskConfiguration>',
  ];
}

function imageLines({ edition, productKey }: WindowsOptions, isUefi: boolean): string[] {
  const key = productKey === '' ? '' : `<Key>${elementText(productKey)}</Key>`;
  return [
    `<ImageInstall><OSImage><InstallFrom><MetaData wcm:action="add"><Key>/IMAGE/NAME</Key><Value>${elementText(edition)}</Value></MetaData></InstallFrom>`,
    `<InstallTo><DiskID>LABKIT_DISK</DiskID><PartitionID>${isUefi ? 3 : 2}</PartitionID></InstallTo></OSImage></ImageInstall>`,
    `<UserData><ProductKey>${key}<WillShowUI>OnError</WillShowUI></ProductKey><AcceptEula>true</AcceptEula></UserData>`,
  ];
}

/** Run once before the first start of the new system. A command may have 259 characters (Unattended Windows Setup Reference, Path): what is to be done is a script of its own. */
function commandLines({ answersUrl }: Context): string[] {
  const path = `powershell.exe -NoProfile -ExecutionPolicy Bypass -Command "irm '${answersUrl}/finish.ps1' | iex"`;
  const command = `<Order>1</Order><Path>${elementText(path)}</Path>`;
  return [`<RunSynchronousCommand wcm:action="add">${command}</RunSynchronousCommand>`];
}

function elementText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
