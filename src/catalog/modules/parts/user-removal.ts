import { sh } from '../../../model/command.ts';
import { done, type Planned } from '../../../model/module.ts';
import { alter } from './outcome.ts';
import { script } from './script-action.ts';
import type { UserArgs, UserFound } from './user-found.ts';

/** Plans an account away, with its home where `remove` says so. */
export function removeUser(args: UserArgs, { user }: UserFound): Planned {
  const { name, force, remove } = args;
  const state = 'absent';
  if (user === undefined) return done({ changed: false, values: { name, state } });
  const words = [...(force ? ['-f'] : []), ...(remove ? ['-r'] : []), '--', name];
  return alter({
    actions: [script(sh`userdel ${words}`)],
    result: {
      changed: true,
      values: { name, state, force, remove },
      changes: [`removed user ${name}${remove ? ' and the home' : ''}`],
    },
    predict: [
      { user: name, state: undefined },
      ...(remove && user.home !== ''
        ? [{ path: user.home, state: { kind: 'absent' as const } }]
        : []),
    ],
  });
}
