import type { ImportField } from '../model/import.ts';
import type { Lang } from '../model/report.ts';

/** A column of the register for people: its field, its headings, and other headings that mean the same (normalised as `normaliseHeading` does). */
export interface RegisterColumn {
  readonly field: ImportField;
  readonly titles: { readonly [L in Lang]: string };
  readonly aliases: readonly string[];
  /** Digits and letters in it are a code: full-width ones are meant as plain ones. */
  readonly isCode: boolean;
  /** A value that two PCs cannot share; "same as above" makes no sense there. */
  readonly isOwn: boolean;
}

/** The columns in the order of the exported register; headings as campus sheets of China and asset lists elsewhere have them. */
export const registerColumns: readonly RegisterColumn[] = [
  code('name', '计算机名', 'computer name', true, [
    ...['主机名', '主机名称', '设备名称', '设备名', '计算机名称', '机器名', '电脑名', '电脑名称'],
    ...[
      '终端名称',
      '主机',
      'name',
      'host',
      'hostname',
      'computer',
      'device',
      'devicename',
      'pcname',
    ],
  ]),
  code('room', '机房', 'room', false, [
    ...['房间', '房间号', '教室', '所在机房', '所在房间', '机房名称', '实验室', '办公室'],
    ...['存放地点', '使用地点', '安装地点', '地点', 'lab', 'classroom', 'location', 'roomname'],
  ]),
  code('seat', '座位号', 'seat', true, [
    ...[
      '座位',
      '座号',
      '机位',
      '机位号',
      '机号',
      '位置',
      '工位',
      '工位号',
      'seatno',
      'seatnumber',
      'desk',
    ],
  ]),
  code('mac', 'MAC地址', 'MAC address', true, [
    ...[
      'mac',
      'mac地址',
      '物理地址',
      '网卡地址',
      '网卡mac',
      '网卡mac地址',
      '以太网地址',
      '硬件地址',
    ],
    ...[
      '有线mac',
      '有线mac地址',
      '无线mac',
      '无线mac地址',
      'macaddress',
      'macs',
      'physicaladdress',
    ],
    ...['hardwareaddress', 'ethernetaddress', 'hwaddress', 'wiredmac', 'wifimac', 'wirelessmac'],
    ...['macaddr', '本机物理地址', '网卡物理地址'],
  ]),
  code('ip', 'IP地址', 'IP address', true, [
    ...[
      'ip',
      'ip地址',
      'ipv4',
      'ipv4地址',
      '网络地址',
      'ipaddress',
      'ipaddr',
      'ipv4address',
      '固定ip',
    ],
  ]),
  words('owner.name', '责任人', 'owner', [
    ...[
      '姓名',
      '使用人',
      '使用者',
      '使用人姓名',
      '使用者姓名',
      '责任人姓名',
      '负责人',
      '用户',
      '用户名',
    ],
    ...[
      '用户姓名',
      '保管人',
      '领用人',
      '管理员',
      'ownername',
      'user',
      'username',
      'person',
      'assignedto',
    ],
  ]),
  code('owner.id', '工号', 'staff number', false, [
    ...[
      '学号',
      '工号/学号',
      '教工号',
      '职工号',
      '员工号',
      '人员编号',
      '学工号',
      '工号学号',
      '责任人工号',
    ],
    ...[
      'ownerid',
      'staffid',
      'staffno',
      'employeeid',
      'employeenumber',
      'userid',
      'studentid',
      'staffnumber',
    ],
  ]),
  words('owner.department', '部门', 'department', [
    ...[
      '单位',
      '使用部门',
      '所属部门',
      '所在部门',
      '部门/单位',
      '部门单位',
      '科室',
      '院系',
      '使用单位',
    ],
    ...['所属单位', '教研组', 'dept', 'ownerdepartment', 'unit'],
  ]),
  code('owner.phone', '电话', 'phone', false, [
    ...[
      '联系电话',
      '联系方式',
      '手机',
      '手机号',
      '手机号码',
      '电话号码',
      '办公电话',
      '移动电话',
      '固定电话',
    ],
    ...['tel', 'telephone', 'mobile', 'phonenumber', 'ownerphone'],
  ]),
  code('asset', '资产编号', 'asset number', true, [
    ...[
      '资产号',
      '资产编码',
      '固定资产编号',
      '固定资产号',
      '设备编号',
      '资产标签',
      'asset',
      'assettag',
    ],
    ...['assetno', 'assetid', 'inventorynumber'],
  ]),
  code('serial', '序列号', 'serial number', true, [
    ...[
      'sn',
      's/n',
      '出厂编号',
      '设备序列号',
      '主机序列号',
      '机身号',
      'sn号',
      'serial',
      'serialno',
      '产品序列号',
    ],
  ]),
  words('model', '品牌型号', 'model', [
    ...[
      '型号',
      '品牌',
      '设备型号',
      '规格型号',
      '厂商',
      '机型',
      'brand',
      'maker',
      'manufacturer',
      'vendor',
    ],
  ]),
  code('class', '设备类型', 'class', false, [
    ...[
      '类型',
      '用途',
      '设备类别',
      '设备种类',
      '类别',
      '计算机类型',
      'type',
      'kind',
      'devicetype',
      'usage',
    ],
  ]),
  code('ownership', '产权', 'ownership', false, [
    '所有权',
    '资产归属',
    '归属',
    '权属',
    '公/私',
    '产权归属',
  ]),
  code('status', '状态', 'status', false, [
    '使用状态',
    '设备状态',
    '现状',
    '使用情况',
    '使用状况',
    'state',
  ]),
  code('switch_port', '交换机端口', 'switch port', true, [
    ...[
      '交换机',
      '交换机ip',
      '接入交换机',
      '交换机名称',
      '端口',
      '端口号',
      '接口',
      '交换机接口',
      '接入端口',
    ],
    ...[
      '接入交换机ip',
      '交换机/端口',
      '交换机ip/端口',
      '交换机及端口',
      'port',
      'switch',
      'switchport',
    ],
  ]),
  code('vlan', 'VLAN', 'VLAN', false, ['vlan', 'vlanid', 'vlan号', '所属vlan']),
  code('uuid', 'UUID', 'UUID', true, ['uuid', '主板uuid', 'systemuuid', 'smbiosuuid']),
  code('profile', '系统模板', 'profile', false, ['安装模板', 'osprofile', 'installprofile']),
];

/** Headings that say something Labkit does not keep; no word is lost about them. */
export const ignoredHeadings: ReadonlySet<string> = new Set([
  ...[
    '序号',
    '编号',
    '备注',
    '说明',
    '楼宇',
    '楼号',
    '楼层',
    '校区',
    '子网掩码',
    '掩码',
    '网关',
    '默认网关',
  ],
  ...[
    'dns',
    '首选dns',
    '备用dns',
    '操作系统',
    '系统',
    '入网日期',
    '登记日期',
    '购置日期',
    '日期',
    '信息点号',
  ],
  ...[
    '信息点',
    '网络接口号',
    '配置',
    'cpu',
    '内存',
    '硬盘',
    '价格',
    '单价',
    'no',
    'remark',
    'remarks',
    'note',
  ],
  ...[
    'notes',
    'comment',
    'os',
    'gateway',
    'netmask',
    'mask',
    'subnetmask',
    'building',
    'floor',
    'date',
  ],
]);

function code(
  field: ImportField,
  chinese: string,
  english: string,
  isOwn: boolean,
  aliases: readonly string[],
): RegisterColumn {
  return { field, titles: { 'zh-CN': chinese, en: english }, aliases, isCode: true, isOwn };
}

function words(
  field: ImportField,
  chinese: string,
  english: string,
  aliases: readonly string[],
): RegisterColumn {
  return { ...code(field, chinese, english, false, aliases), isCode: false };
}
