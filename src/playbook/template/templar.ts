import {
  type FileRendering,
  isLazy,
  isTemplate,
  type PlayValue,
  type Scope,
  type Templar,
  type Template,
} from '../../model/play-value.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeVars, type Value } from '../../model/value.ts';
import { adopt, isPlain, release } from './adopt.ts';
import { type Engine, makeRun, type Run } from './context.ts';
import { ansibleNotation, type Notation } from './delimiters.ts';
import type { TemplateEffects } from './effects.ts';
import {
  evaluateTemplate,
  evaluateVariable,
  includeFile,
  loadFile,
  renderText,
} from './evaluate.ts';
import { filters } from './filters.ts';
import { globals } from './globals.ts';
import { judgeCondition } from './judge.ts';
import { lookups } from './lookups.ts';
import { makePreparation } from './prepare.ts';
import { tests } from './tests.ts';

export { checkTemplate } from './check-template.ts';
export type { ControllerPath, DigestName, TemplateEffects } from './effects.ts';
export { namesIn } from './names-in.ts';

/** Renderings that call for renderings (`hostvars`) deeper than this are taken for a loop. */
const maxRenders = 20;

/** Makes what renders the templates of a run. Parsed texts are kept. */
export function createTemplar(effects: TemplateEffects): Templar {
  const engine = makeEngine(effects);
  return {
    render: (value, scope) =>
      isPlain(value) ? value : withRun(engine, (run) => renderValue(value, scope, run)),
    judge: (condition, scope) => withRun(engine, (run) => judgeCondition(condition, scope, run)),
    renderFile: ({ text, file }, scope, settings) =>
      withRun(engine, (run) => {
        const prepared = engine.preparation.file(text, file, notationOf(settings));
        return renderText(prepared, file, scope, run);
      }),
  };
}

/** What all renderings of a templar share. */
export function makeEngine(effects: TemplateEffects): Engine {
  return {
    effects,
    filters,
    tests,
    globals,
    lookups,
    preparation: makePreparation(),
    renders: 0,
    evaluate: evaluateVariable,
    include: includeFile,
    load: loadFile,
  };
}

function withRun<T>(engine: Engine, work: (run: Run) => T): T {
  if (engine.renders >= maxRenders) throw new TemplateError('recursive loop detected in hostvars');
  engine.renders++;
  try {
    return work(makeRun(engine));
  } finally {
    engine.renders--;
  }
}

function renderValue(value: PlayValue, scope: Scope, run: Run): Value {
  if (isPlain(value)) return value;
  if (isTemplate(value)) return renderTemplate(value, scope, run);
  if (Array.isArray(value)) return value.map((item: PlayValue) => renderValue(item, scope, run));
  if (isLazy(value) || typeof value !== 'object' || value === null)
    return release(adopt(value, scope, run));
  const entries = Object.entries(value as { readonly [key: string]: PlayValue });
  return makeVars(entries.map(([key, item]) => [key, renderValue(item, scope, run)] as const));
}

function renderTemplate(template: Template, scope: Scope, run: Run): Value {
  const result = evaluateTemplate(template, scope, run);
  try {
    return release(result);
  } catch (error) {
    if (!(error instanceof TemplateError) || error.at || !template.at) throw error;
    throw new TemplateError(error.message, template.at, error.undefinedName);
  }
}

function notationOf(settings: FileRendering = {}): Notation {
  const written = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && name !== 'keepTrailingNewline',
  );
  return { ...ansibleNotation, ...Object.fromEntries(written) };
}
