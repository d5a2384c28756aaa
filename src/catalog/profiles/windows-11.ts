import { text } from '../../model/options.ts';
import { defineProfile } from '../../model/profile.ts';
import { systemOptions, word } from '../install-options.ts';
import { type WindowsOptions, windowsAnswers } from '../unattend.ts';
import { refuseWindowsDisk } from '../windows-disk.ts';

const iso = 'Windows 11';

export default defineProfile<WindowsOptions>({
  name: 'windows-11',
  summary: 'Windows 11 by its own setup from an ISO of the site, started by wimboot.',
  kind: 'installer',
  family: 'windows',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: {
    share: word(
      '',
      "a file share with the ISO's content that may be read without a password",
      /^(?:\\\\[\w.-]+\\[\w.$-]+(?:\\[\w.-]+)*)?$/,
      'an address such as \\\\server\\windows-11',
    ),
    edition: word(
      'Windows 11 Pro',
      'the edition, as the ISO names it',
      /^[A-Za-z\d][\w .()-]{0,80}$/,
      'a name such as Windows 11 Education',
    ),
    locale: word('en-US', 'language', /^[a-z]{2,3}-[A-Z]{2}$/, 'a language such as zh-CN'),
    timezone: word(
      'UTC',
      'time zone as Windows names it',
      /^[A-Za-z][\w .()+-]{0,60}$/,
      'a name such as China Standard Time',
    ),
    keymap: word(
      '0409:00000409',
      'keyboard layout by its numbers',
      /^[\da-f]{4}:[\da-f]{8}$/i,
      'numbers such as 0804:00000804',
    ),
    user: {
      ...systemOptions.user,
      ...text('', "a technician's account, an administrator"),
      read: systemOptions.user.read,
    },
    productKey: word(
      '',
      'a volume licence key that is no secret, such as a KMS client key',
      /^(?:[A-Z\d]{5}(?:-[A-Z\d]{5}){4})?$/,
      'five groups of five letters and digits',
    ),
  },
  check: ({ share }) => {
    if (share !== '') return [];
    const place = { file: '', line: 1, column: 1, path: 'options.share' };
    const message = 'setup needs the content of the ISO on a file share';
    const hint = 'write options: { share: ... } such as \\\\server\\windows-11';
    return [{ severity: 'error', rule: 'bad-profile', ...place, message, hint }];
  },
  refuseDisk: refuseWindowsDisk,
  assets: () => [
    {
      name: 'wimboot',
      sources: [
        { from: 'url', url: 'https://github.com/ipxe/wimboot/releases/latest/download/wimboot' },
      ],
      sha256: '',
    },
    { name: 'BCD', sources: [{ from: 'iso', iso, path: 'boot/bcd' }], sha256: '' },
    { name: 'boot.sdi', sources: [{ from: 'iso', iso, path: 'boot/boot.sdi' }], sha256: '' },
    { name: 'boot.wim', sources: [{ from: 'iso', iso, path: 'sources/boot.wim' }], sha256: '' },
  ],
  boot: () => ({
    kernel: 'wimboot',
    initrds: [],
    args: [],
    wimboot: [
      { as: 'BCD', asset: 'BCD' },
      { as: 'boot.sdi', asset: 'boot.sdi' },
      { as: 'boot.wim', asset: 'boot.wim' },
      { as: 'winpeshl.ini', answers: 'winpeshl.ini' },
      { as: 'startnet.cmd', answers: 'startnet.cmd' },
      { as: 'unattend.xml', answers: 'unattend.xml' },
    ],
  }),
  answers: windowsAnswers,
  minutes: 30,
  notes: [
    'Bring the ISO: lab netboot assets add FILE.iso --profile windows-11; and wimboot: add FILE --profile windows-11 --asset wimboot.',
    'The content of the ISO has to lie on a share that WinPE can read as a guest; many servers forbid guests.',
    'The disk by its serial number (with its size), or as the only fixed one: WinPE knows no WWN, so a rule with one is refused. WinPE needs wmic and curl: without them nothing is written.',
    'Never run here: its answers are checked by xmllint. OpenSSH is fetched by Windows itself. Try one PC first.',
  ],
});
