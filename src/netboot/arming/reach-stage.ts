import { type Arming, type BootStage, bootStages } from '../../model/boot.ts';

const maximumTextLength = 300;

const rankOf = (stage: BootStage): number => bootStages.indexOf(stage);

/** One line of plain text of what a stranger sent: no control or direction characters, at most 300 characters. */
export function plainLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, maximumTextLength);
}

/** Notes that a stage was reached. Each is noted once; one that becomes known late (a line of a log) takes its place before those behind it and moves nothing back. */
export function reachStage(arming: Arming, stage: BootStage, at: number, evidence: string): Arming {
  if (arming.stages.some((reached) => reached.stage === stage)) return arming;
  const rank = rankOf(stage);
  const entry = { stage, at, evidence: plainLine(evidence) };
  const stages = [
    ...arming.stages.filter((reached) => rankOf(reached.stage) < rank),
    entry,
    ...arming.stages.filter((reached) => rankOf(reached.stage) > rank),
  ];
  if (rank < rankOf(arming.stage)) return { ...arming, stages };
  return { ...arming, stages, stage, stageAt: at };
}
