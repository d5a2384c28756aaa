import { readTimestamp } from '../../model/yaml-timestamp.ts';
import { typePlain } from '../../model/yaml-value.ts';

/** How a text may be written in YAML. */
export interface ScalarStyles {
  readonly isMultiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const lineBreak = /[\n\x85\u2028\u2029]/;

/** Which styles keep a text as it is when it is read again (YAML 1.1; PyYAML's emitter decides alike). */
export function stylesOf(text: string): ScalarStyles {
  if (text === '')
    return { isMultiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const isMultiline = lineBreak.test(text);
  const isSpecial = hasSpecial(text) || / [\n\x85\u2028\u2029]/.test(text);
  const isFramed = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const hasBreakSpace = /[\n\x85\u2028\u2029] /.test(text);
  const { flow, block } = indicatorsIn(text);
  const anyPlain = !isMultiline && !isFramed && !hasBreakSpace && !isSpecial;
  return {
    isMultiline,
    flowPlain: anyPlain && !flow,
    blockPlain: anyPlain && !block,
    singleQuoted: !hasBreakSpace && !isSpecial,
  };
}

/** Characters that only double quotes can hold. */
export function hasSpecial(text: string): boolean {
  return /[^\n\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(
    text,
  );
}

/** Signs that mean something within brackets, or outside of them. */
function indicatorsIn(text: string): { flow: boolean; block: boolean } {
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text))
    return { flow: true, block: true };
  if (/^-(?:[\0 \t\r\n\x85\u2028\u2029]|$)/.test(text)) return { flow: true, block: true };
  const hasComment = /[\0 \t\r\n\x85\u2028\u2029]#/.test(text);
  const isKey =
    /:(?:[\0 \t\r\n\x85\u2028\u2029]|$)/.test(text) ||
    /^\?(?:[\0 \t\r\n\x85\u2028\u2029]|$)/.test(text);
  const flow = /^[?:]|[,?[\]{}:]/.test(text);
  return { flow: flow || hasComment, block: hasComment || isKey };
}

/** Whether plain text would be read as something else than text. */
export function isTyped(text: string): boolean {
  if (text === '=' || text === '<<') return true;
  return typeof typePlain(text) !== 'string' || readTimestamp(text) !== undefined;
}
