import { LabError } from '../../model/lab-error.ts';
import { mostWithoutRoom } from '../../netboot/reinstall/confirmation.ts';
import { type SoftRule, softRules } from '../../netboot/reinstall/guards.ts';
import type { AskedWaves } from '../../netboot/reinstall/wave-sizes.ts';
import { planWaves } from '../../netboot/reinstall/wave-sizes.ts';
import { resumesKey } from '../../store/play-journal.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { readCount, readSeconds } from '../read-number.ts';

/** What `lab reinstall` was asked, read; numbers of hosts are not compared with the inventory yet. */
export interface AskedReinstall {
  readonly pattern: string;
  readonly profile?: string;
  readonly waves: AskedWaves;
  readonly expiresMs: number;
  /** One limit for every stage, where the usual ones do not do. */
  readonly stageMs?: number;
  readonly despite: ReadonlySet<SoftRule>;
  readonly mostHosts: number;
  readonly preview: boolean;
  readonly failOnChange: boolean;
  /** The plan that was previewed: nothing else is armed. */
  readonly digest?: string;
  /** `http://…` of the boot service where it is not the one of this state folder's note. */
  readonly bootService?: string;
  /** The run that is gone on with. */
  readonly resumed?: string;
}

/** Reads the flags of `lab reinstall`; throws LabError 'usage'. */
export function readAsked(
  _context: Context,
  pattern: string,
  options: CommandOptions,
): AskedReinstall {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [canary, waves, maxFailPercentage] = ['canary', 'waves', 'maxFailPercentage'].map(text);
  const asked = { canary, waves, maxFailPercentage };
  const stageMs = readSeconds('--stage-deadline', text('stageDeadline'));
  const [profile, digest, bootService] = ['profile', 'digest', 'bootService'].map(text);
  const resumed = text(resumesKey);
  const given = Object.entries({ profile, digest, bootService, resumed, stageMs });
  const wavesAsked = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value),
  ) as AskedWaves;
  // A word that is no size is said before anything is looked at.
  planWaves(wavesAsked, 1);
  return {
    pattern,
    waves: wavesAsked,
    expiresMs: readMinutes(text('expires') ?? '60') * 60_000,
    despite: readDespite(text('despite')),
    mostHosts: readCount('--max-hosts', text('maxHosts'), mostWithoutRoom),
    preview: options['preview'] === true,
    failOnChange: options['failOnChange'] === true,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  };
}

/** `--expires`, in minutes. Throws LabError 'usage'. */
export function readMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d{1,4}$/.test(text) && minutes >= 1 && minutes <= 1440) return minutes;
  throw new LabError('usage', `--expires: "${text}" is no number of minutes`, 'write 1 to 1440');
}

/** `--despite`: the guards that are set aside. Throws LabError 'usage'. */
export function readDespite(text: string | undefined): ReadonlySet<SoftRule> {
  const words = (text ?? '').split(',').map((word) => word.trim());
  return new Set(
    words.filter(Boolean).map((word) => {
      const rule = softRules.find((one) => one === word);
      if (rule) return rule;
      throw new LabError(
        'usage',
        `--despite: "${word}" cannot be set aside`,
        `write some of ${softRules.join(', ')}`,
      );
    }),
  );
}
