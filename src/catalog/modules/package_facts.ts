import { str, texts } from '../../model/arguments.ts';
import { ask, defineModule, done, type Planned, probeScript } from '../../model/module.ts';
import { fail } from './parts/outcome.ts';
import { type PackageManager, packageFactsLook, parsePackageFacts } from './parts/package-facts.ts';

interface Args {
  manager: readonly string[];
  strategy: string;
}

const managers: readonly PackageManager[] = ['apt', 'rpm', 'pacman', 'apk'];

export default defineModule<Args>({
  name: 'package_facts',
  collection: 'ansible.builtin',
  summary: 'Tells which packages are installed, as the fact packages.',
  args: {
    manager: texts({ fallback: ['auto'], choices: ['auto', ...managers] }),
    strategy: str({ fallback: 'first', choices: ['first', 'all'] }),
  },
  isLocal: true,
  inspect(args): Planned {
    const wanted = args.manager.includes('auto')
      ? managers
      : managers.filter((name) => args.manager.includes(name));
    const look = probeScript(packageFactsLook(wanted, args.strategy === 'first'));
    return ask({ look }, ({ look: ran }) => {
      const found = parsePackageFacts(ran.stdout);
      return found === undefined
        ? fail(`Could not detect a supported package manager from: ${wanted.join(', ')}`)
        : done({ changed: false, facts: { packages: found } });
    });
  },
});
