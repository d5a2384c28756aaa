import type { Position } from '../../model/problem.ts';
import { TemplateError } from '../../model/template-error.ts';
import { syntaxTroubleOf } from './broken-syntax.ts';
import { compileTruth, type EvaluateTruth } from './compile-expression.ts';
import { compileBody, type Execute } from './compile-statement.ts';
import { ansibleNotation, type Notation } from './delimiters.ts';
import { judgedTruth } from './judged-truth.ts';
import { parseConditionText, parseTemplateText } from './parse-text.ts';
import { placeIn } from './place.ts';

/** A template that can be carried out. */
export interface Prepared {
  readonly run: Execute;
  readonly source: string;
  readonly lineOffset: number;
  /** Newlines at the end of the text as written, which Jinja2 drops and Ansible puts back. */
  readonly endNewlines: number;
  /** Set when the template is `{{ name }}` and nothing else. */
  readonly onlyName: string | undefined;
  readonly notation: Notation;
}

/** A condition that can be judged. */
export interface PreparedCondition {
  readonly judge: EvaluateTruth;
  readonly source: string;
}

/** Texts that are kept ready. */
const maxKept = 4000;

/** Parses and compiles each text once. Broken syntax is thrown as `TemplateError`. */
export interface Preparation {
  template(text: string, at: Position | undefined): Prepared;
  file(text: string, file: string, notation: Notation): Prepared;
  condition(text: string, at: Position | undefined): PreparedCondition;
}

export function makePreparation(): Preparation {
  const templates = new Map<string, Prepared>();
  const files = new Map<string, Prepared>();
  const conditions = new Map<string, PreparedCondition>();
  return {
    template: (text, at) =>
      kept(templates, text, () =>
        located(text, at, () => prepare(text, 'playbook', ansibleNotation)),
      ),
    file: (text, file, notation) =>
      kept(files, `${JSON.stringify(notation)}${text}`, () =>
        located(text, { file, line: 1, column: 1 }, () => prepare(text, 'file', notation)),
      ),
    condition: (text, at) =>
      kept(conditions, text, () => located(text, at, () => prepareCondition(text))),
  };
}

function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  if (known.size >= maxKept) known.clear();
  known.set(key, made);
  return made;
}

function located<T>(text: string, at: Position | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const trouble = syntaxTroubleOf(error);
    if (!trouble) throw error;
    const place = at && placeIn(text, trouble.offset, at);
    const hint = trouble.hint === '' ? '' : ` (${trouble.hint})`;
    throw new TemplateError(
      `template error while templating string: ${trouble.message}${hint}`,
      place,
    );
  }
}

function prepare(text: string, from: 'playbook' | 'file', given: Notation): Prepared {
  const { body, source, lineOffset, notation } = parseTemplateText(text, from, given);
  const [only] = body;
  const isOne = body.length === 1 && only?.kind === 'print' && only.value.kind === 'name';
  return {
    run: compileBody(body),
    source,
    lineOffset,
    endNewlines: text.length - text.replace(/\n+$/, '').length,
    onlyName: isOne && only.value.kind === 'name' ? only.value.name : undefined,
    notation,
  };
}

function prepareCondition(text: string): PreparedCondition {
  const { expression, hasBraces } = parseConditionText(text);
  return { judge: compileTruth(expression, judgedTruth(hasBraces)), source: text };
}
