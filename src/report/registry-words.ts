import type { HostStatus } from '../model/host.ts';
import type { RequiredField, SheetRemark } from '../model/registry-sheet.ts';
import type { Lang } from '../model/report.ts';

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const english = {
  title: (unit: string) =>
    unit === '' ? 'Register of networked computers' : `${unit}: register of networked computers`,
  number: 'no.',
  room: 'room',
  seat: 'seat',
  host: 'computer',
  owner: 'owner',
  ownerId: 'staff number',
  department: 'department',
  phone: 'phone',
  switchPort: 'switch port',
  since: 'registered since',
  lastConfirmed: 'last confirmed',
  remark: 'remark',
  filing: (numbers: readonly string[]) => `Filed as ${numbers.join(', ')}`,
  citation: (text: string) => `Kept by ${text}`,
  secret: 'Holds personal data: keep it locked away, and destroy printouts after use.',
  masked: 'For the public: names, phones and staff numbers are masked.',
  remarks: {
    incomplete: 'not registered completely',
    'not-filed': 'not in the ledger',
    overdue: 'confirmation overdue',
    unseen: 'not seen lately',
    'never-seen': 'never seen',
  } satisfies { readonly [R in SheetRemark]: string } as { readonly [R in SheetRemark]: string },
  missing: (fields: readonly RequiredField[]) =>
    `no ${fields.map((field) => ({ owner: 'owner', mac: 'MAC', ip: 'IP' })[field]).join(', no ')}`,
  overdue: (date: string, days: number) => `not confirmed since ${date} (every ${days} days)`,
  unseen: (date: string) => `not seen since ${date}`,
  statuses: {
    active: '',
    broken: 'broken',
    spare: 'spare',
    loaned: 'lent out',
    retired: 'retired',
  } satisfies { readonly [S in HostStatus]: string } as { readonly [S in HostStatus]: string },
  separator: '; ',
  counts: (all: number, inOrder: number) => `${many(all, 'computer')}, ${inOrder} in order`,
  counted: (count: number, what: string) => `${count} ${what}`,
  retired: (count: number) => `${many(count, 'retired computer')} left out`,
  listComma: ', ',
  stop: '.',
  rule: (confirmDays: number, unseenDays: number) =>
    `Owners are to be confirmed every ${confirmDays} days; a computer counts as not seen after ${unseenDays} days without an answer to Labkit.`,
  nothingSeen:
    'Labkit has not yet reached any of these computers, so nothing is said about which are in use.',
  known: (date: string) =>
    `The ledger begins on ${date}; who was registered before counts from then.`,
  noLedger: 'The ledger is empty: since when somebody is registered is not known.',
  made: (when: string, who: string) =>
    `Made by Labkit on ${when}${who === '' ? '' : ` by ${who}`} from the inventory (what is), the ledger (since when) and the runs (what was seen).`,
};

/** What the inspectors' sheet says by itself, in one language. */
export type RegistryWords = typeof english;

const chinese: RegistryWords = {
  title: (unit) => `${unit}联网计算机实名登记表`,
  number: '序号',
  room: '机房',
  seat: '座位号',
  host: '计算机名',
  owner: '责任人',
  ownerId: '工号',
  department: '部门',
  phone: '电话',
  switchPort: '交换机端口',
  since: '登记日期',
  lastConfirmed: '最近确认',
  remark: '备注',
  filing: (numbers) => `备案编号：${numbers.join('、')}`,
  citation: (text) => `依据：${text}`,
  secret: '含个人信息：请妥善保管，打印件用后销毁。',
  masked: '公开版：姓名、电话、工号已作掩码处理。',
  remarks: {
    incomplete: '登记不全',
    'not-filed': '未入登记簿',
    overdue: '逾期未确认',
    unseen: '近期未上线',
    'never-seen': '从未上线',
  },
  missing: (fields) =>
    `缺${fields.map((field) => ({ owner: '责任人', mac: 'MAC', ip: 'IP' })[field]).join('、')}`,
  overdue: (date, days) => `自 ${date} 起未确认（应每 ${days} 天一次）`,
  unseen: (date) => `自 ${date} 起未上线`,
  statuses: { active: '', broken: '故障', spare: '备用', loaned: '借出', retired: '报废' },
  separator: '；',
  counts: (all, inOrder) => `共 ${all} 台，其中 ${inOrder} 台无异常`,
  counted: (count, what) => `${what} ${count} 台`,
  retired: (count) => `另有 ${count} 台已报废，未列入`,
  listComma: '，',
  stop: '。',
  rule: (confirmDays, unseenDays) =>
    `责任人每 ${confirmDays} 天确认一次；连续 ${unseenDays} 天未响应 Labkit 的计为未上线。`,
  nothingSeen: 'Labkit 尚未连接过其中任何一台，因此不判断哪些在使用。',
  known: (date) => `登记簿自 ${date} 起有记录，此前已登记的按该日计。`,
  noLedger: '登记簿是空的：登记日期未知。',
  made: (when, who) =>
    `本表由 Labkit 于 ${when} 生成${who === '' ? '' : `（${who}）`}：现状取自台账，日期取自登记簿，上线情况取自运行记录。`,
};

/** The words of a language. */
export function registryWordsOf(lang: Lang): RegistryWords {
  return lang === 'zh-CN' ? chinese : english;
}
