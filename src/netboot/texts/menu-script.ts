import { script } from './greeting.ts';
import { ipxeLine, ipxeWord } from './ipxe-words.ts';
import { type LocalDisk, renderLocalDisk } from './local-disk.ts';
import { questionUrl } from './questions.ts';

/** A room in which an unknown PC may be registered, with its next free seat ('' where the room gives no clue). */
export interface RoomProposal {
  readonly room: string;
  readonly seat: string;
}

/** What the menu of one PC offers. */
export interface Menu {
  readonly server: string;
  /** The registered name, '' for an unknown PC. */
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  /** Rooms for an unknown PC, the likeliest first. */
  readonly proposals: readonly RoomProposal[];
  /** Seconds until the local disk is started. */
  readonly seconds: number;
}

const mostRooms = 18;

/** The menu of a PC that is not armed: the local disk unless somebody chooses otherwise in time. Nothing in it starts a kernel. */
export function renderMenu(menu: Menu, disk: LocalDisk): string {
  const own = menu.host === '' ? registerParts(menu) : reinstallParts(menu);
  return script([
    ':menu',
    `menu ${titleOf(menu)}`,
    'item local Start this PC from its disk',
    ...own.items,
    'item network Network details',
    `choose --default local --timeout ${Math.round(menu.seconds * 1000)} choice || goto local`,
    `goto \${choice}`,
    ...networkScreen,
    ...own.lines,
    ...renderLocalDisk(disk),
  ]);
}

function titleOf({ host, room, seat }: Menu): string {
  if (host === '') return 'Labkit: this PC is not registered';
  const place = [room, seat].filter((part) => part !== '').join(' / ');
  return ipxeLine(`Labkit: ${host}${place === '' ? '' : `, ${place}`}`);
}

interface Parts {
  readonly items: readonly string[];
  readonly lines: readonly string[];
}

/** The PIN is typed as a password so that the screen shows stars only; the user name is filled in already. */
function reinstallParts({ server, host, room }: Menu): Parts {
  const login = { user: 'pin', setting: 'password' };
  return {
    items: [ipxeLine('item reinstall Reinstall this PC (needs a PIN; wipes its disk)')],
    lines: [
      ':reinstall',
      'echo',
      `echo ${ipxeLine(`Reinstall ${host}: type the PIN of ${room} as the password. Ctrl-C goes back.`)}`,
      'prompt --timeout 4000 Press a key ||',
      'set username pin',
      'clear password',
      'login || goto menu',
      `isset \${password} || goto menu`,
      `chain --autofree --replace ${questionUrl(server, '/boot/menu/reinstall', {}, login)} ||`,
      'clear password',
      'echo The boot service does not answer',
      'prompt --timeout 10000 Press a key ||',
      'goto menu',
    ],
  };
}

function registerParts(menu: Menu): Parts {
  const rooms = menu.proposals.slice(0, mostRooms);
  if (rooms.length === 0) return { items: [], lines: [] };
  return {
    items: ['item register Register this PC'],
    lines: [
      ':register',
      'menu Which room is this PC in?',
      ...rooms.map(
        ({ room, seat }, index) =>
          `item room${index} ${ipxeLine(`${room}${seat === '' ? '' : `   next free seat ${seat}`}`)}`,
      ),
      'item menu Back',
      'choose choice || goto menu',
      `goto \${choice}`,
      ...rooms.flatMap((proposal, index) => askSeat(menu.server, proposal, index)),
    ],
  };
}

function askSeat(server: string, { room, seat }: RoomProposal, index: number): string[] {
  const asked = { room, seat: { setting: 'seat' }, owner: { setting: 'owner' } };
  const isSayable = seat !== '' && ipxeLine(seat) === seat && !seat.includes(' ');
  return [
    `:room${index}`,
    'echo',
    `echo ${ipxeLine(`Register this PC in ${room}. Ctrl-C goes back.`)}`,
    isSayable ? `set seat ${ipxeWord(seat)}` : 'clear seat',
    'clear owner',
    `echo -n Seat: \${}`,
    'read seat || goto menu',
    `echo -n Staff number of the person who answers for it: \${}`,
    'read owner || goto menu',
    `chain --autofree --replace ${questionUrl(server, '/boot/menu/register', asked)} ||`,
    'echo The boot service does not answer',
    'prompt --timeout 10000 Press a key ||',
    'goto menu',
  ];
}

const networkScreen = [
  ':network',
  'echo',
  `echo Address   \${netX/ip} / \${netX/netmask}`,
  `echo Gateway   \${netX/gateway}   DNS \${netX/dns}`,
  `echo MAC       \${netX/mac}   on \${netX/chip}`,
  `echo Firmware  \${platform} \${buildarch}   iPXE \${version}`,
  `echo Model     \${manufacturer} \${product}`,
  `echo Serial    \${serial}   UUID \${uuid}`,
  'echo',
  'prompt --timeout 60000 Press a key to go back ||',
  'goto menu',
];
