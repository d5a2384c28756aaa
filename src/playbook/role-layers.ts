import type { PlayMemory } from '../model/play-scope.ts';
import type { PlayVars } from '../model/play-value.ts';
import type { Role } from '../model/playbook.ts';
import { type Layer, laterWins } from './layers.ts';

/** What roles contribute to a scope, each list with the winner last. */
export interface RoleLayers {
  readonly params: Layer;
  readonly vars: Layer;
  readonly defaults: Layer;
}

/**
 * The variables of roles as one task sees them: those of all roles of the play, and above them those of the task's own role. Among these: defaults of
 * dependencies < of parents < its own; vars of parents < of dependencies < its own; params of parents < its own.
 */
export function roleLayers(play: PlayMemory | undefined, role: Role | undefined): RoleLayers {
  const others = play?.roles ?? [];
  if (role === undefined)
    return {
      params: laterWins([]),
      vars: laterWins(others.flatMap(varsOf)),
      defaults: laterWins(others.map(defaultsOf)),
    };
  const parents = parentsOf(role, others);
  const dependencies = role.dependencies ?? [];
  return {
    params: laterWins([...parents, role].map(({ params }) => params)),
    vars: laterWins([...others, ...parents, ...dependencies, role].flatMap(varsOf)),
    defaults: laterWins([...others, ...dependencies, ...parents, role].map(defaultsOf)),
  };
}

const varsOf = ({ entryVars = {}, vars }: Role): readonly PlayVars[] => [entryVars, vars];
const defaultsOf = ({ defaults }: Role): PlayVars => defaults;

function parentsOf(role: Role, others: readonly Role[]): readonly Role[] {
  if (role.parentRoles) return role.parentRoles;
  return role.parents.flatMap((name) => others.findLast((other) => other.name === name) ?? []);
}
