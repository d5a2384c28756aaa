/** Questions that take a program or a look at the file system, beside the files that are read. */
export type Question =
  | 'machine'
  | 'bits'
  | 'user'
  | 'date'
  | 'programs'
  | 'paths'
  | 'uuids'
  | 'caps'
  | 'chroot';

/** Parts of the answer that have a script of their own. */
export type Part = 'network' | 'mounts' | 'env' | 'local';

/** Facts that are gathered together, by the word that `gather_subset` has for them. */
export interface Topic {
  readonly name: string;
  /** `min`: always gathered, unless `!min` stands there. */
  readonly group: 'min' | 'hardware' | 'network' | 'virtual' | 'other';
  /** Its facts, without the prefix `ansible_`. */
  readonly facts: RegExp;
  readonly files?: readonly string[];
  readonly asks?: readonly Question[];
  readonly part?: Part;
  /** Topics whose facts come along, as in Ansible. */
  readonly needs?: readonly string[];
}

const dmi =
  'bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_type chassis_vendor chassis_version product_family product_name product_serial product_uuid product_version sys_vendor';
const releases = [
  ...['/etc/os-release', '/usr/lib/os-release', '/etc/debian_version', '/etc/redhat-release'],
  ...['/etc/centos-release', '/etc/system-release', '/etc/alpine-release'],
];
const cards = 'address mtu operstate type speed flags bridge/bridge_id bonding/mode';
const disks =
  'size removable queue/rotational queue/logical_block_size queue/scheduler queue/discard_granularity device/vendor device/model device/serial';

const under = (folder: string, names: string): string[] =>
  names.split(' ').map((name) => `${folder}/${name}`);

/** Read always: what everything else is judged by. */
export const mainFiles: readonly string[] = ['/proc/sys/kernel/osrelease'];

/** Everything that can be gathered from a Linux PC without Python. */
export const topics: readonly Topic[] = [
  {
    name: 'platform',
    group: 'min',
    facts: /^(?:system|kernel|kernel_version|machine_id|hostname|nodename|fqdn|domain)$/,
    files: [
      ...['/proc/sys/kernel/hostname', '/proc/sys/kernel/version', '/etc/machine-id'],
      '/etc/hosts',
    ],
    needs: ['machine'],
  },
  {
    name: 'machine',
    group: 'min',
    facts: /^(?:machine|architecture|userspace_bits|userspace_architecture)$/,
    asks: ['machine', 'bits'],
  },
  {
    name: 'distribution',
    group: 'min',
    facts: /^(?:distribution(?:_.*)?|os_family)$/,
    files: releases,
  },
  {
    name: 'user',
    group: 'min',
    facts: /^(?:user_.*|(?:real|effective)_(?:user|group)_id)$/,
    files: ['/etc/passwd'],
    asks: ['user'],
  },
  { name: 'env', group: 'min', facts: /^env$/, part: 'env' },
  { name: 'date_time', group: 'min', facts: /^date_time$/, asks: ['date'] },
  { name: 'caps', group: 'min', facts: /^system_capabilities(?:_enforced)?$/, asks: ['caps'] },
  { name: 'cmdline', group: 'min', facts: /^(?:proc_)?cmdline$/, files: ['/proc/cmdline'] },
  { name: 'apparmor', group: 'min', facts: /^apparmor$/, asks: ['paths'] },
  {
    name: 'selinux',
    group: 'min',
    facts: /^selinux$/,
    files: ['/etc/selinux/config', '/sys/fs/selinux/enforce', '/sys/fs/selinux/policyvers'],
  },
  { name: 'fips', group: 'min', facts: /^fips$/, files: ['/proc/sys/crypto/fips_enabled'] },
  {
    name: 'lsb',
    group: 'min',
    facts: /^lsb$/,
    files: [...releases, '/etc/lsb-release'],
    asks: ['programs'],
  },
  { name: 'dns', group: 'min', facts: /^dns$/, files: ['/etc/resolv.conf'] },
  {
    name: 'pkg_mgr',
    group: 'min',
    facts: /^pkg_mgr$/,
    files: releases,
    asks: ['programs'],
    needs: ['distribution'],
  },
  {
    name: 'service_mgr',
    group: 'min',
    facts: /^service_mgr$/,
    files: ['/proc/1/comm'],
    asks: ['programs', 'paths'],
    needs: ['platform', 'distribution'],
  },
  {
    name: 'ssh_pub_keys',
    group: 'min',
    facts: /^ssh_host_key_/,
    files: ['/etc/ssh/ssh_host_*_key.pub'],
  },
  { name: 'local', group: 'min', facts: /^(?:ansible_)?local$/, part: 'local' },
  {
    name: 'dmi',
    group: 'hardware',
    facts: /^(?:bios|board|chassis|product)_.*$|^(?:form_factor|system_vendor)$/,
    files: under('/sys/class/dmi/id', dmi),
    needs: ['platform'],
  },
  {
    name: 'memory',
    group: 'hardware',
    facts: /^(?:mem|swap)(?:total|free)_mb$|^memory_mb$/,
    files: ['/proc/meminfo'],
  },
  {
    name: 'processor',
    group: 'hardware',
    facts: /^processor(?:_.*)?$/,
    files: ['/proc/cpuinfo', '/proc/self/status'],
    asks: ['machine'],
  },
  {
    name: 'devices',
    group: 'hardware',
    facts: /^devices$/,
    files: [...under('/sys/block/*', disks), '/sys/block/*/*/start', '/sys/block/*/*/size'],
  },
  {
    name: 'mounts',
    group: 'hardware',
    facts: /^mounts$/,
    files: ['/proc/mounts', '/proc/self/mountinfo'],
    asks: ['uuids'],
    part: 'mounts',
  },
  { name: 'uptime', group: 'hardware', facts: /^uptime_seconds$/, files: ['/proc/uptime'] },
  { name: 'lvm', group: 'hardware', facts: /^lvm$/, asks: ['programs'] },
  {
    name: 'interfaces',
    group: 'network',
    // any other name may be that of a card
    facts: /^(?:interfaces|default_ipv[46]|all_ipv[46]_addresses)$/,
    files: under('/sys/class/net/*', cards),
    part: 'network',
    needs: ['platform', 'distribution'],
  },
  {
    name: 'virtual',
    group: 'virtual',
    facts: /^virtualization_.*$/,
    files: [
      ...['/proc/1/cgroup', '/proc/1/environ', '/run/systemd/container', '/proc/modules'],
      ...['/proc/cpuinfo', ...under('/sys/class/dmi/id', 'product_name sys_vendor bios_vendor')],
    ],
    asks: ['paths'],
  },
  { name: 'loadavg', group: 'other', facts: /^loadavg$/, files: ['/proc/loadavg'] },
  { name: 'chroot', group: 'other', facts: /^is_chroot$/, asks: ['chroot'] },
  {
    name: 'iscsi',
    group: 'other',
    facts: /^iscsi_iqn$/,
    files: ['/etc/iscsi/initiatorname.iscsi'],
  },
  { name: 'nvme', group: 'other', facts: /^hostnqn$/, files: ['/etc/nvme/hostnqn'] },
  {
    name: 'fibre_channel_wwn',
    group: 'other',
    facts: /^fibre_channel_wwn$/,
    files: ['/sys/class/fc_host/*/port_name'],
  },
];

/** The topic a fact belongs to; a name of none is that of a network card. */
export function topicOf(fact: string): Topic | undefined {
  return (
    topics.find(({ facts }) => facts.test(fact)) ?? topics.find(({ name }) => name === 'interfaces')
  );
}
