import { bool, float, int, path, str, texts } from '../../model/arguments.ts';
import { ask, defineModule, done, probeGroup, probeScript, probeUser } from '../../model/module.ts';
import { planCreation } from './parts/user-creation.ts';
import { findUser, type UserArgs } from './parts/user-found.ts';
import { planModification } from './parts/user-modification.ts';
import { accountScript } from './parts/user-probe.ts';
import { removeUser } from './parts/user-removal.ts';

export default defineModule<UserArgs>({
  name: 'user',
  collection: 'ansible.builtin',
  summary: 'Keeps an account there as described, or away.',
  args: {
    name: str({ required: true, aliases: ['user'] }),
    state: str({ fallback: 'present', choices: ['absent', 'present'] }),
    uid: int(),
    non_unique: bool({ fallback: false }),
    group: str(),
    groups: texts(),
    append: bool({ fallback: false }),
    comment: str(),
    home: path(),
    create_home: bool({ fallback: true, aliases: ['createhome'] }),
    move_home: bool({ fallback: false }),
    skeleton: str(),
    umask: str(),
    shell: str(),
    system: bool({ fallback: false }),
    seuser: str(),
    expires: float(),
    password: str({ secret: true }),
    update_password: str({ fallback: 'always', choices: ['always', 'on_create'] }),
    password_lock: bool(),
    password_expire_max: int(),
    password_expire_min: int(),
    generate_ssh_key: bool({ fallback: false }),
    ssh_key_bits: int(),
    ssh_key_comment: str({ fallback: 'ansible-generated on $HOSTNAME' }),
    ssh_key_file: path(),
    ssh_key_passphrase: str({ secret: true }),
    ssh_key_type: str({ fallback: 'rsa' }),
    force: bool({ fallback: false }),
    remove: bool({ fallback: false }),
    local: bool({ fallback: false }),
    hidden: bool({ ignored: 'only macOS hides accounts' }),
    login_class: str({ ignored: 'only BSD systems have login classes' }),
    profile: str({ ignored: 'only Solaris has profiles' }),
    authorization: str({ ignored: 'only Solaris has authorizations' }),
    role: str({ ignored: 'only Solaris has roles' }),
  },
  check: ({ umask, local, append, groups, non_unique, uid }, isRendered) => [
    ...(umask !== undefined && local ? ['umask and local exclude each other'] : []),
    ...(append && groups === undefined && isRendered('groups') ? ['append needs groups'] : []),
    ...(non_unique && uid === undefined && isRendered('uid') ? ['non_unique needs uid'] : []),
  ],
  isLocal: true,
  inspect(args) {
    const names = new Set([args.name, ...groupsOf(args)]);
    const groups = Object.fromEntries(
      Array.from(names, (name) => [`group ${name}`, probeGroup(name)] as const),
    );
    const probes = {
      ...groups,
      user: probeUser(args.name),
      account: probeScript(accountScript(args)),
    };
    return ask(probes, (answers) => {
      const found = findUser(args, answers);
      if (args.state === 'absent') return removeUser(args, found);
      const missing = groupsOf(args).find((name) => found.groups.get(name) === undefined);
      if (missing !== undefined)
        return done({ changed: false, failed: true, msg: `Group ${missing} does not exist` });
      return found.user === undefined ? planCreation(args, found) : planModification(args, found);
    });
  },
});

function groupsOf({ group, groups }: UserArgs): readonly string[] {
  return [
    ...(group === undefined || group === '' ? [] : [group]),
    ...(groups ?? []).filter(Boolean),
  ];
}
