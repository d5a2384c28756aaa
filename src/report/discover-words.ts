import type { FindingDetail, FindingKind } from '../model/discovery.ts';
import type { Lang } from '../model/report.ts';

const english = {
  finding: 'finding',
  host: 'host',
  room: 'room',
  seat: 'seat',
  registered: 'registered',
  configured: 'configured',
  observed: 'observed',
  evidence: 'evidence',
  toDo: 'What to do',
  by: (host: string) => `by ${host}`,
  more: (count: number) => `+${count}`,
  nobody: '(nobody)',
  seen: (when: string) => `seen ${when}`,
  separator: ', ',
  allWell: (hosts: number) => `${hosts} hosts were seen as registered; nothing else was found.`,
  totals: (counts: { findings: number; hosts: number; inOrder: number }) =>
    `${counts.findings} findings; ${counts.inOrder} of ${counts.hosts} hosts were seen as registered.`,
  unseen: (names: string) => `Not seen, perhaps off: ${names}.`,
  notCovered: (count: number) =>
    `${count} hosts could not be judged: they have no MAC address, are not in use, or no source says anything of their room.`,
  looked: (sources: string) => `Looked at: ${sources}.`,
  source: (name: string, entries: number) => `${name} (${entries})`,
};

/** What the report of a discovery says by itself. */
export type DiscoverWords = typeof english;

const chinese: DiscoverWords = {
  finding: '发现',
  host: '主机',
  room: '机房',
  seat: '座位',
  registered: '登记',
  configured: '配置',
  observed: '实际',
  evidence: '依据',
  toDo: '处理办法',
  by: (host) => `（${host}）`,
  more: (count) => `+${count}`,
  nobody: '（无登记）',
  seen: (when) => `见于 ${when}`,
  separator: '、',
  allWell: (hosts) => `${hosts} 台主机与登记一致，没有其他发现。`,
  totals: ({ findings, hosts, inOrder }) =>
    `发现 ${findings} 处不符；${hosts} 台主机中有 ${inOrder} 台与登记一致。`,
  unseen: (names) => `未见到（可能关机）：${names}。`,
  notCovered: (count) =>
    `${count} 台主机无法判断：没有 MAC 地址、未在用，或没有任何来源涉及其机房。`,
  looked: (sources) => `数据来源：${sources}。`,
  source: (name, entries) => `${name}（${entries} 条）`,
};

/** The words of a language. */
export function discoverWordsOf(lang: Lang): DiscoverWords {
  return lang === 'zh-CN' ? chinese : english;
}

const kindsInChinese: { readonly [K in FindingKind]: string } = {
  squatted: '地址被占用',
  exchanged: '两台互换',
  'swapped-nic': '更换网卡',
  moved: '位置变动',
  'other-address': '使用其他地址',
  'behind-router': '私接路由器',
  ghost: '长期未见',
  stale: '配置过期',
  duplicate: '地址重复',
  unregistered: '未登记',
  randomised: '随机地址',
};

/** A finding's name as people read it. */
export function kindWord(kind: FindingKind, lang: Lang): string {
  return lang === 'zh-CN' ? kindsInChinese[kind] : kind;
}

type Hints = { readonly [key in `${FindingKind} ${FindingDetail}`]?: readonly [string, string] };

const hints: Hints = {
  'squatted by-registered': [
    'another registered PC uses this address: give that PC its own address again',
    '另一台已登记的电脑占用了这个地址：请把那台电脑的地址改回来',
  ],
  'squatted by-stranger': [
    'an unknown card answers at this address: find it by its switch port; if it is the PC itself with a new card, register the new MAC',
    '未知网卡在使用这个地址：按交换机端口查找；若是本机换了网卡，请重新登记 MAC',
  ],
  'squatted conflict': [
    'two cards answer at this address, the PC and a stranger: find the stranger by its switch port and take it off',
    '本机和一块未知网卡同时使用这个地址：按交换机端口找到未知设备并断开',
  ],
  'squatted gateway': [
    'a PC answers for the gateway, so it can read what others send: take it off the network and check it',
    '有电脑冒充网关，可以窃听他人流量：立即断网并检查这台电脑',
  ],
  'exchanged pair': [
    'the two PCs have each other’s address: either they changed places, or their MACs were exchanged in the register',
    '两台电脑互用了对方的地址：要么座位调换了，要么登记时 MAC 填反了',
  ],
  'swapped-nic facts': [
    'the PC itself reports another card than registered: register the new MAC',
    '本机上报的网卡与登记不同：请登记新的 MAC',
  ],
  'swapped-nic name': [
    'a new card gives the PC’s own name: look at the PC, then register the new MAC',
    '新网卡报出的正是本机名称：核对后登记新的 MAC',
  ],
  'swapped-nic port': [
    'a new card is at the PC’s own switch port: look at the PC, then register the new MAC',
    '新网卡就在本机的交换机端口上：核对后登记新的 MAC',
  ],
  'moved room': [
    'the PC is in the network of another room: bring it back, or transfer it in the register',
    '电脑接入了别的机房的网段：搬回原处，或在登记中变更',
  ],
  'moved port': [
    'the PC is at another switch port: plug it back, or correct switch_port',
    '电脑接在别的交换机端口上：接回原处，或更正 switch_port',
  ],
  'moved vlan': [
    'the PC is in another VLAN: correct the port’s VLAN, or the register',
    '电脑在别的 VLAN 中：更正端口 VLAN 或登记',
  ],
  'other-address instead': [
    'the PC uses another address of its room: set the registered one, by DHCP reservation or by hand',
    '电脑使用了本机房的其他地址：用 DHCP 保留或手工改回登记的地址',
  ],
  'other-address also': [
    'the PC has a second address: take it away, or find out what it is for',
    '电脑还有第二个地址：去掉，或查明用途',
  ],
  'behind-router many-macs': [
    'several cards share one switch port: look for a switch, router or access point behind it, and register what is there',
    '一个交换机端口下有多块网卡：查找私接的交换机、路由器或无线接入点，并登记其下设备',
  ],
  'behind-router many-addresses': [
    'one card has several addresses: look for a router, or a PC that routes for others',
    '一块网卡有多个地址：查找路由器或替他人转发的电脑',
  ],
  'behind-router router-name': [
    'it asks for an address under the name of a home router: users behind it are not registered',
    '它以家用路由器的名称申请地址：其后的使用者没有实名登记',
  ],
  'behind-router nat': [
    'the PC has an address of no room’s network, so a router stands between: take it away, or register who is behind it',
    '电脑的地址不属于任何机房网段，中间隔着路由器：拆除，或登记其后的使用者',
  ],
  'ghost last-seen': [
    'not seen for long: look whether it still exists, then release it or mark it spare',
    '很久没有出现：确认是否还在，然后注销登记或标为备用',
  ],
  'stale differs': [
    'the configuration says otherwise than the register: export again, or correct the register',
    '配置与登记不一致：重新导出配置，或更正登记',
  ],
  'stale left-over': [
    'configured, but registered for nobody: take the entry out by exporting again, or register it',
    '配置里有，但无人登记：重新导出以去掉，或补办登记',
  ],
  'stale missing': [
    'registered, but missing in the configuration: export again',
    '已登记，但配置里没有：重新导出',
  ],
  'duplicate configured': [
    'the same address stands twice in the configuration: export again',
    '配置里同一地址出现两次：重新导出',
  ],
  'duplicate observed': [
    'two unregistered cards use one address',
    '两块未登记的网卡使用同一个地址',
  ],
  'duplicate registered': [
    'the register has this address twice: correct it first, lab inventory validate shows the places',
    '登记中同一地址出现两次：先更正，lab inventory validate 会指出位置',
  ],
  'unregistered stranger': [
    'nobody has registered this card: find it by its switch port, then register it or take it off',
    '这块网卡没有登记：按交换机端口查找，登记或断开',
  ],
  'unregistered retired': [
    'a PC marked retired is on the network: set its status, or take it off',
    '标为报废的电脑仍在网上：更正状态，或断开',
  ],
  'randomised stranger': [
    'a made-up address, as of phones and virtual machines: have random addresses switched off before registering it',
    '随机地址（手机或虚拟机常见）：先关闭随机地址再登记',
  ],
};

/** What to do about a finding. */
export function hintFor(kind: FindingKind, detail: FindingDetail, lang: Lang): string {
  const [en = '', zh = ''] = hints[`${kind} ${detail}`] ?? [];
  return lang === 'zh-CN' ? zh : en;
}
