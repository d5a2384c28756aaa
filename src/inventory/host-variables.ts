import { hostClasses, hostStatuses, ownerships } from '../model/host.ts';
import { localBoots } from '../model/local-boot.ts';
import type { Value } from '../model/value.ts';

/** A piece of JSON Schema (draft 2020-12). */
export type SchemaPart = { readonly [key: string]: Value };

/** One variable that means something to Labkit or to its connections. */
export interface KnownVariable {
  readonly name: string;
  /** One sentence for people: shown by editors through the schema. */
  readonly summary: string;
  /** What may be written as its value, for editors. */
  readonly schema: SchemaPart;
  /** True where digits are a name, not a number: written in quotes always, so that no tool changes them. */
  readonly quoted?: boolean;
}

const text: SchemaPart = { type: 'string' };
const textOrNumber: SchemaPart = { type: ['string', 'integer'] };

/** The fields of `owner`. */
export const ownerFields: readonly KnownVariable[] = [
  { name: 'name', summary: 'Who answers for the host.', schema: text },
  {
    name: 'id',
    summary: 'Staff or student number, in quotes: "0123".',
    schema: text,
    quoted: true,
  },
  { name: 'department', summary: 'Department of the owner.', schema: text },
  { name: 'phone', summary: 'Telephone number, in quotes.', schema: text, quoted: true },
];

/** The fields of one entry of a `mac` list. */
export const macFields: readonly KnownVariable[] = [
  { name: 'addr', summary: 'The MAC address, in quotes.', schema: text, quoted: true },
  {
    name: 'role',
    summary: 'What the address belongs to; a dock may be shared, a bmc is the remote controller.',
    schema: { enum: ['wired', 'wifi', 'dock', 'bmc'] },
  },
  {
    name: 'primary',
    summary: 'The address the host is registered and booted by; exactly one has it.',
    schema: { type: 'boolean' },
  },
];

/** The fields of `disk`. */
const diskFields: readonly KnownVariable[] = [
  { name: 'serial', summary: 'Serial number of the disk, in quotes.', schema: text, quoted: true },
  { name: 'wwn', summary: 'World Wide Name of the disk, in quotes.', schema: text, quoted: true },
  { name: 'bytes', summary: 'Its size in bytes.', schema: { type: 'integer', minimum: 1 } },
];

/** Labkit's variables of a host (or of a group, for all its hosts). */
export const hostVariables: readonly KnownVariable[] = [
  {
    name: 'mac',
    summary: 'MAC address in quotes, or a list of addresses with their roles.',
    schema: {
      anyOf: [text, { type: 'array', items: objectOf(macFields, ['addr'], false), minItems: 1 }],
    },
    quoted: true,
  },
  { name: 'ip', summary: 'The registered IP address.', schema: text },
  {
    name: 'owner',
    summary: 'The person who answers for the host.',
    schema: { anyOf: [text, objectOf(ownerFields, [], false)] },
  },
  { name: 'seat', summary: 'The place in the room, such as "07".', schema: textOrNumber },
  { name: 'asset', summary: 'Asset number, in quotes.', schema: text, quoted: true },
  { name: 'serial', summary: 'Serial number, in quotes.', schema: text, quoted: true },
  { name: 'uuid', summary: 'SMBIOS UUID.', schema: text, quoted: true },
  { name: 'model', summary: 'Maker and model.', schema: textOrNumber },
  { name: 'class', summary: 'What the host is used for.', schema: { enum: hostClasses } },
  {
    name: 'ownership',
    summary: 'Who bought it; a private host is registered but never reinstalled.',
    schema: { enum: ownerships },
  },
  {
    name: 'status',
    summary: 'Whether it is in service.',
    schema: { enum: hostStatuses },
  },
  {
    name: 'switch_port',
    summary: 'Switch and port it is plugged into, such as "sw-lab-a GE1/0/7".',
    schema: textOrNumber,
  },
  {
    name: 'vlan',
    summary: 'VLAN number, where it differs from the room.',
    schema: { type: ['integer', 'string'] },
  },
  { name: 'profile', summary: 'The profile it is installed with.', schema: text },
  {
    name: 'protected',
    summary: 'True: never reinstalled.',
    schema: { type: 'boolean' },
  },
  {
    name: 'power',
    summary: 'How it is switched on and off.',
    schema: { type: ['string', 'object'] },
  },
  {
    name: 'local_boot',
    summary: 'How it gets from the network boot to its disk, where the usual way does not work.',
    schema: { enum: localBoots },
  },
  {
    name: 'disk',
    summary: 'The disk a reinstallation may wipe, by serial number or WWN; never a device name.',
    schema: objectOf(diskFields, [], false),
  },
];

/** The fields of `room`, which makes a group a room. */
export const roomFields: readonly KnownVariable[] = [
  { name: 'title', summary: 'What people call the room.', schema: textOrNumber },
  { name: 'kind', summary: 'Free word, such as lab, classroom, office, canteen.', schema: text },
  {
    name: 'maintainer',
    summary: 'The person in charge of the room.',
    schema: { anyOf: [text, objectOf(ownerFields, [], false)] },
  },
  { name: 'subnet', summary: 'Its addresses, such as 10.1.1.0/24.', schema: text },
  { name: 'gateway', summary: 'The address of its gateway.', schema: text },
  { name: 'vlan', summary: 'VLAN number.', schema: { type: ['integer', 'string'] } },
  {
    name: 'columns',
    summary: 'Seats in one row of the seat map.',
    schema: { type: 'integer', minimum: 1 },
  },
  {
    name: 'lessons',
    summary: 'When it is in use, so that nothing disturbs a lesson.',
    schema: {},
  },
];

/** `room` itself, as a variable of a group. */
export const roomVariable: KnownVariable = {
  name: 'room',
  summary: 'Makes the group a room.',
  schema: { anyOf: [text, objectOf(roomFields, [], false)] },
};

/** Ansible's own variables that decide how a host is reached (Ansible user guide, "Connecting to hosts: behavioral inventory parameters"). */
export const connectionVariables: readonly KnownVariable[] = [
  known('ansible_host', 'Address to connect to, when it differs from ip.'),
  known('ansible_port', 'Port of the connection.', { type: ['integer', 'string'] }),
  known('ansible_user', 'User to log in as.'),
  known('ansible_password', 'Never written here in plain text: ask for it, or use a vault.', {}),
  known('ansible_ssh_pass', 'Never written here in plain text: ask for it, or use a vault.', {}),
  known('ansible_connection', 'ssh, winrm or local.'),
  known('ansible_ssh_private_key_file', 'Key to log in with.'),
  known('ansible_ssh_common_args', 'Arguments of every ssh call.'),
  known('ansible_ssh_extra_args', 'Arguments of ssh only.'),
  known('ansible_ssh_executable', 'Which ssh to call.'),
  known('ansible_ssh_host', 'Old name of ansible_host.'),
  known('ansible_ssh_port', 'Old name of ansible_port.', { type: ['integer', 'string'] }),
  known('ansible_ssh_user', 'Old name of ansible_user.'),
  known('ansible_shell_type', 'sh, powershell or cmd.'),
  known('ansible_shell_executable', 'The shell on the host.'),
  known('ansible_python_interpreter', 'Python on the host (Ansible only).'),
  known('ansible_become', 'Whether to become another user.', { type: ['boolean', 'string'] }),
  known('ansible_become_user', 'User to become; root when not written.'),
  known('ansible_become_method', 'sudo when not written.'),
  known('ansible_become_flags', 'Flags of the become method.'),
  known('ansible_become_exe', 'Which sudo to call.'),
  known('ansible_become_password', 'Never written here in plain text.', {}),
  known('ansible_become_pass', 'Never written here in plain text.', {}),
  known('ansible_group_priority', 'Decides between groups of the same depth.', {
    type: ['integer', 'string'],
  }),
  known('ansible_winrm_transport', 'How WinRM authenticates.', {}),
  known('ansible_winrm_scheme', 'http or https.'),
  known('ansible_winrm_port', 'Port of WinRM.', { type: ['integer', 'string'] }),
  known('ansible_winrm_path', 'Path of the WinRM service.'),
  known('ansible_winrm_server_cert_validation', 'validate or ignore.'),
];

/** Every name that Labkit or its connections understand at a host or group, by name. */
export const knownVariables: ReadonlyMap<string, KnownVariable> = new Map(
  [...hostVariables, roomVariable, ...connectionVariables].map((entry) => [entry.name, entry]),
);

/** A mapping with these fields as JSON Schema. */
export function objectOf(
  fields: readonly KnownVariable[],
  required: readonly string[],
  others: boolean,
): SchemaPart {
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map((field) => [field.name, { description: field.summary, ...field.schema }]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: others,
  };
}

function known(name: string, summary: string, schema: SchemaPart = textOrNumber): KnownVariable {
  return { name, summary, schema };
}
