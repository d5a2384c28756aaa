import type { Host } from '../model/host.ts';
import type { Image } from '../model/image.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../model/nearest.ts';
import { readOptions } from '../model/options.ts';
import type { Position, Problem } from '../model/problem.ts';
import type { AnyProfile, AssetWish, ChosenProfile } from '../model/profile.ts';
import { makeVars } from '../model/value.ts';
import type { AssetPin, ProfileRule, SelectorName, SiteProfile } from './site-profile.ts';

/** All there is to choose from: the catalog, the site's own, what `netboot assets add` pinned by profile name, and the images that exist. */
export interface ProfileShelf {
  readonly entries: readonly AnyProfile[];
  readonly site: readonly SiteProfile[];
  readonly pins: ReadonlyMap<string, readonly AssetPin[]>;
  readonly images: readonly Image[];
}

/** Chooses the profile of a host: by `flag` (`--profile`), else by its variable `profile` (Ansible's precedence), else by the `for:` rules of the site's profiles, where the rule with the most selectors wins; undefined when nothing names one. Throws LabError: 'usage' for an unknown flag, 'input' for an unknown name in the inventory and for a tie. */
export function chooseProfile(
  shelf: ProfileShelf,
  host: Host,
  flag?: string,
): ChosenProfile | undefined {
  if (flag !== undefined) return openProfile(shelf, flag, '--profile') ?? refuseFlag(shelf, flag);
  if (host.profile !== '') {
    const at = host.originOf('profile') ?? host.at;
    const origin = `profile: ${host.profile}, ${placeText(at)}`;
    return openProfile(shelf, host.profile, origin) ?? refuseVariable(shelf, host, at);
  }
  const found = selectByRules(shelf, host);
  return found && openProfile(shelf, found.profile.name, ruleText(found.rule));
}

/** The profile of that name with its options in effect, the site's own before the catalog's; undefined when there is none. */
export function openProfile(
  shelf: ProfileShelf,
  name: string,
  origin: string,
): ChosenProfile | undefined {
  const site = shelf.site.find((one) => one.name === name);
  const base = site?.base ?? shelf.entries.find((one) => one.name === name);
  if (base === undefined) return undefined;
  const pins = [
    ...(site?.pins ?? []),
    ...(shelf.pins.get(name) ?? []),
    ...(shelf.pins.get(base.name) ?? []),
  ];
  const options = site?.options ?? readOptions(base.options, makeVars()).options;
  const imageName = base.image?.(options);
  const image = shelf.images.find((one) => one.name === imageName);
  return {
    name,
    profile: { ...base, assets: (given) => base.assets(given).map((wish) => pinned(wish, pins)) },
    options,
    origin,
    playbook: site?.playbook ?? '',
    suite: site?.suite ?? '',
    ...(image === undefined ? {} : { image }),
  };
}

/** Names of all profiles, sorted, each once. */
export function listProfiles(shelf: ProfileShelf): string[] {
  return [...new Set([...shelf.site, ...shelf.entries].map(({ name }) => name))].sort();
}

/** A pin says what the file must be; where it comes from is tried before the sources of the catalog. */
function pinned(wish: AssetWish, pins: readonly AssetPin[]): AssetWish {
  const pin = pins.find(({ asset }) => asset === wish.name);
  if (pin === undefined) return wish;
  const own = [
    ...(pin.path === '' ? [] : [{ from: 'file', path: pin.path } as const]),
    ...(pin.url === '' ? [] : [{ from: 'url', url: pin.url } as const]),
  ];
  return { ...wish, sha256: pin.sha256, sources: [...own, ...wish.sources] };
}

interface Fit {
  readonly profile: SiteProfile;
  readonly rule: ProfileRule;
}

function selectByRules(shelf: ProfileShelf, host: Host): Fit | undefined {
  const fits = shelf.site
    .flatMap((profile) => profile.rules.map((rule) => ({ profile, rule })))
    .filter(({ rule }) => fitsHost(rule, host));
  const most = Math.max(0, ...fits.map(({ rule }) => rule.selectors.size));
  const best = fits.filter(({ rule }) => rule.selectors.size === most);
  const [first] = best;
  const rival = best.find(({ profile }) => profile !== first?.profile);
  if (first && rival) throw tie(host, first, rival);
  return first;
}

function fitsHost(rule: ProfileRule, host: Host): boolean {
  return [...rule.selectors].every(([name, wanted]) => {
    const found = valuesOf(host, name);
    return wanted.some((pattern) => found.some((value) => fitsText(pattern, value)));
  });
}

function valuesOf(host: Host, name: SelectorName): readonly string[] {
  if (name === 'host') return [host.name];
  if (name === 'group') return host.groups;
  if (name === 'room') return host.room ? [host.room.name] : [];
  if (name === 'mac') return host.macs.map(({ addr }) => addr);
  return host[name] === '' ? [] : [host[name]];
}

/** Letters of either case are the same, as firmware and people spell a model differently. */
function fitsText(pattern: string, value: string): boolean {
  const [head = '', ...rest] = pattern.toLowerCase().split('*');
  const text = value.toLowerCase();
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

function ruleText({ selectors, at }: ProfileRule): string {
  const words = [...selectors].map(
    ([name, wanted]) => `${name}: ${wanted.length === 1 ? wanted[0] : `[${wanted.join(', ')}]`}`,
  );
  return `for: {${words.join(', ')}}, ${placeText(at)}`;
}

function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function tie(host: Host, first: Fit, rival: Fit): LabError {
  const problems = [first, rival].map(({ profile, rule }, index, both): Problem => {
    const other = both[1 - index]?.rule.at ?? rule.at;
    return {
      severity: 'error',
      rule: 'profile-tie',
      ...rule.at,
      path: 'for',
      message: `${host.name} fits this rule of ${profile.name} and, just as well, the one at ${placeText(other)}`,
      hint: `add a selector to the one that is meant, or write profile: ${profile.name} at the host or its room`,
    };
  });
  const names = `${first.profile.name} and ${rival.profile.name}`;
  return new LabError(
    'input',
    `${host.name} fits the profiles ${names} equally well: ${placeText(first.rule.at)} and ${placeText(rival.rule.at)}`,
    'add a selector to one of the rules',
    { problems },
  );
}

function refuseFlag(shelf: ProfileShelf, name: string): never {
  throw new LabError('usage', `there is no profile "${name}"`, hintFor(shelf, name));
}

function refuseVariable(shelf: ProfileShelf, host: Host, at: Position): never {
  const message = `${host.name} has the profile "${host.profile}", which does not exist`;
  const hint = hintFor(shelf, host.profile);
  const problem: Problem = {
    severity: 'error',
    rule: 'unknown-profile',
    ...at,
    path: 'profile',
    message,
    hint,
  };
  throw new LabError('input', message, hint, { problems: [problem] });
}

function hintFor(shelf: ProfileShelf, typed: string): string {
  const known = listProfiles(shelf);
  const meant = nearest(typed, known);
  return meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
}
