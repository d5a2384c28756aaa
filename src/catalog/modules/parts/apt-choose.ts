import { compareVersions } from '../../versions.ts';
import type { AptOffer, AptState, DpkgPackage } from './apt-look.ts';
import { type AptSpec, noSuchPackage } from './apt-specs.ts';
import { isNamePattern, matchesPattern } from './name-pattern.ts';

/** What is to be done about one wish: nothing, hand a word to apt-get, or give up. */
export type Choice =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'word'; readonly word: string; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: string };

const nothing: Choice = { kind: 'nothing' };

/** The package of a name: of the host's own architecture unless another one is written. */
function packageOf(name: string, state: AptState): DpkgPackage | undefined {
  const [bare = '', architecture] = name.split(':');
  const of = state.packages.filter((found) => found.name === bare);
  const wanted = architecture ?? state.nativeArchitecture;
  return (
    of.find((found) => found.architecture === wanted) ??
    of.find((found) => found.architecture === 'all')
  );
}

const isInstalled = (found: DpkgPackage | undefined): found is DpkgPackage =>
  found?.status === 'installed';

function fits(version: string, { comparison, version: wanted }: AptSpec): boolean {
  if (comparison === '=') return matchesPattern(version, wanted);
  return comparison === '' || compareVersions(version, wanted) >= 0;
}

/** What apt-get is to be asked for so that a wish is installed, or at its latest version. */
export function chooseInstall(
  spec: AptSpec,
  state: AptState,
  settings: { latest: boolean; onlyUpgrade: boolean },
): Choice {
  const found = packageOf(spec.name, state);
  const offer = state.offers.get(spec.name) ?? state.offers.get(spec.name.replace(/:.*/, ''));
  if (!isInstalled(found)) {
    if (offer === undefined || offer.versions.length === 0) return chooseProvider(spec, state);
    if (settings.onlyUpgrade) return nothing;
    return versionWord(spec, offer);
  }
  if (settings.latest && spec.comparison !== '=') return chooseUpgrade(spec, found, offer);
  if (!fits(found.version, spec)) return versionWord(spec, offer);
  return isNamePattern(spec.version) ? chooseBest(spec, found, offer) : nothing;
}

/** A pattern of versions asks for the newest that fits, as Ansible 2.14 does. */
function chooseBest(spec: AptSpec, found: DpkgPackage, offer: AptOffer | undefined): Choice {
  const best = versionWord(spec, offer);
  return best.kind === 'word' && best.word !== `${spec.name}=${found.version}` ? best : nothing;
}

function chooseUpgrade(spec: AptSpec, found: DpkgPackage, offer: AptOffer | undefined): Choice {
  const candidate = offer?.candidate ?? '';
  if (candidate === '' || compareVersions(candidate, found.version) <= 0)
    return fits(found.version, spec) ? nothing : noCandidate(spec);
  return { kind: 'word', word: `${spec.name}=${candidate}`, name: spec.name };
}

function versionWord(spec: AptSpec, offer: AptOffer | undefined): Choice {
  if (spec.comparison === '') return { kind: 'word', word: spec.name, name: spec.name };
  const candidates = spec.comparison === '=' ? (offer?.versions ?? []) : [offer?.candidate ?? ''];
  const version = candidates
    .filter((item) => item !== '' && fits(item, spec))
    .sort(compareVersions)
    .at(-1);
  return version === undefined
    ? noCandidate(spec)
    : { kind: 'word', word: `${spec.name}=${version}`, name: spec.name };
}

const noCandidate = (spec: AptSpec): Choice => ({
  kind: 'problem',
  problem: `no available installation candidate for ${spec.text}`,
});

/** A name that no package has: fine when an installed one provides it; offered ones are left to apt-get to choose from. */
function chooseProvider(spec: AptSpec, state: AptState): Choice {
  const providers = state.providers.get(spec.name) ?? [];
  if (providers.some((line) => line.startsWith('installed '))) return nothing;
  if (providers.length === 0) return { kind: 'problem', problem: noSuchPackage(spec.name) };
  return { kind: 'word', word: spec.name, name: '' };
}

/** What apt-get is to be asked to remove for a wish: every package it stands for that left something the wish is about. */
export function chooseRemovals(spec: AptSpec, state: AptState, purge: boolean): string[] {
  const isThere = ({ status }: DpkgPackage) =>
    status !== 'not-installed' && (status !== 'config-files' || purge);
  if (spec.isPattern)
    return state.packages
      .filter((found) => isThere(found) && matchesPattern(found.name, spec.name))
      .filter((found) => fits(found.version, spec))
      .map(({ name, architecture }) =>
        ['all', state.nativeArchitecture].includes(architecture) ? name : `${name}:${architecture}`,
      );
  const found = packageOf(spec.name, state);
  return found !== undefined && isThere(found) && fits(found.version, spec) ? [spec.name] : [];
}
