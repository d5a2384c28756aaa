import { sh } from '../../../model/command.ts';
import { done, type Planned } from '../../../model/module.ts';
import type { SourcesFound } from './apt-sources-look.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

interface PpaWish {
  readonly repo: string;
  readonly state: string;
  readonly codename: string | undefined;
  readonly update_cache: boolean;
}

/** Plans `ppa:OWNER/NAME`: Ubuntu's own add-apt-repository fetches the key and writes the source; elsewhere nobody can say which release is meant. */
export function planPpa(wish: PpaWish, found: SourcesFound): Planned {
  const { repo, state } = wish;
  const [owner = '', name = 'ppa'] = repo.slice(4).split('/');
  const values = { repo, state };
  const isThere = found.files.some(({ text }) => holdsPpa(text, owner, name));
  if (isThere === (state === 'present')) return done({ changed: false, values });
  if (found.distribution !== 'ubuntu')
    return fail(
      `${repo} is for Ubuntu, and this host runs ${found.distribution || 'something else'}: write the source as a deb line, with its key in signed-by`,
    );
  if (wish.codename !== undefined) return fail(`codename is not supported with ${repo}`);
  if (found.adder === '')
    return fail(`${repo} needs add-apt-repository: install software-properties-common first`);
  const words = [
    '-y',
    ...(wish.update_cache ? [] : ['-n']),
    ...(state === 'absent' ? ['-r'] : []),
    repo,
  ];
  return alter({
    actions: [script(sh`DEBIAN_FRONTEND=noninteractive add-apt-repository ${words}`)],
    result: {
      changed: true,
      values,
      changes: [`${state === 'present' ? 'added' : 'removed'} ${repo}`],
    },
    predict: [{ thing: `apt-source:${repo}`, present: state === 'present' }],
    failure: (ran) => `add-apt-repository failed: ${complaintOf(ran)}`,
  });
}

/** Whether a file has the archive of an owner among its enabled sources, at Launchpad's old or new address. */
function holdsPpa(text: string, owner: string, name: string): boolean {
  return text
    .split('\n')
    .some(
      (line) =>
        /^\s*deb\s/.test(line) &&
        ['ppa.launchpad.net', 'ppa.launchpadcontent.net'].some((server) =>
          line.includes(`://${server}/${owner}/${name}/`),
        ),
    );
}
