/** The arguments of `acl`. */
export interface AclArgs {
  readonly path: string;
  readonly state: string;
  readonly entry: string | undefined;
  readonly entity: string;
  readonly etype: string | undefined;
  readonly permissions: string | undefined;
  readonly follow: boolean;
  readonly default: boolean;
  readonly recursive: boolean;
  readonly recalculate_mask: string;
  readonly use_nfsv4_acls: boolean;
}

/** One entry of an access control list, as setfacl(1) names its parts. */
export interface AclEntry {
  readonly isDefault: boolean;
  readonly type: string;
  readonly entity: string;
  readonly permissions: string | undefined;
}

const types: { readonly [letter: string]: string } = {
  u: 'user',
  g: 'group',
  m: 'mask',
  o: 'other',
};

/** The entry that is meant: written whole, or by its parts. */
export function readEntry(args: AclArgs): AclEntry {
  const { entry, entity, permissions, etype = '' } = args;
  if (entry === undefined) return { isDefault: args.default, type: etype, entity, permissions };
  const parts = entry.split(':');
  const isDefault = /^d/i.test(entry);
  if (isDefault) parts.shift();
  const [type = '', name = '', wished] = parts;
  const known = types[type.charAt(0).toLowerCase()] ?? type;
  return { isDefault: isDefault || args.default, type: known, entity: name, permissions: wished };
}

/** An entry as setfacl takes it: without permissions where one is removed. */
export function entryText(state: string, { type, entity, permissions }: AclEntry): string {
  return state === 'present' && permissions
    ? `${type}:${entity}:${permissions}`
    : `${type}:${entity}`;
}

type IsRendered = (name: keyof AclArgs & string) => boolean;

/** What does not go together, in Ansible's words. */
export function checkAcl(args: AclArgs, isRendered: IsRendered): string[] {
  if (!isRendered('state')) return [];
  return args.entry === undefined ? checkParts(args, isRendered) : checkEntry(args, args.entry);
}

function checkParts(args: AclArgs, isRendered: IsRendered): string[] {
  const { state, permissions, entity, etype, recursive, recalculate_mask } = args;
  if (!isRendered('entry')) return [];
  if (state === 'query')
    return [
      ...(recursive ? ["'recursive' MUST NOT be set when 'state=query'."] : []),
      ...(recalculate_mask === 'mask' || recalculate_mask === 'no_mask'
        ? ["'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'."]
        : []),
    ];
  const isAbsent = state === 'absent';
  return [
    ...(isAbsent && permissions ? ["'permissions' MUST NOT be set when 'state=absent'."] : []),
    ...(isAbsent && !entity && isRendered('entity')
      ? ["'entity' MUST be set when 'state=absent'."]
      : []),
    ...(!etype && isRendered('etype') ? [`'etype' MUST be set when 'state=${state}'.`] : []),
  ];
}

function checkEntry({ state, etype, entity, permissions }: AclArgs, entry: string): string[] {
  const colons = entry.split(':').length - 1;
  return [
    ...(etype || entity || permissions
      ? ["'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set."]
      : []),
    ...(state === 'present' && colons !== 2 && colons !== 3
      ? ["'entry' MUST have 3 or 4 sections divided by ':' when 'state=present'."]
      : []),
    ...(state === 'absent' && colons !== 1 && colons !== 2
      ? ["'entry' MUST have 2 or 3 sections divided by ':' when 'state=absent'."]
      : []),
    ...(state === 'query' ? ["'entry' MUST NOT be set when 'state=query'."] : []),
  ];
}
