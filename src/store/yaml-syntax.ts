import type { Document, YAMLError } from 'yaml';
import { positionAt, type SourceText } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { loadYamlPackage } from './yaml-package.ts';

/** Collections nested deeper than this are refused. */
export const maxDepth = 64;
/** Syntax errors shown of one file; a slip early on can make hundreds. */
const maxSyntaxErrors = 20;

/** Notes something wrong at an offset of a YAML text. */
export type ReportAt = (rule: string, at: number, message: string, hint: string) => void;

/** Collects problems of one text. */
export function makeReport(source: SourceText, problems: Problem[]): ReportAt {
  return (rule, at, message, hint) => {
    const position = positionAt(source, at);
    problems.push({ ...position, severity: 'error', rule, path: '', message, hint });
  };
}

/** Parses a text into the nodes of the yaml package; undefined when it is empty or something was reported. */
export function parseDocument({ text }: SourceText, report: ReportAt): unknown {
  const documents = composeDocuments(text, report);
  if (!documents) return undefined;
  const [first, second] = documents;
  const errors = documents.flatMap((document) => document.errors);
  const seen = new Set<number>();
  for (const error of errors.slice(0, maxSyntaxErrors)) {
    const tab = tabBefore(text, error.pos[0]);
    if (tab === undefined) report('yaml-syntax', error.pos[0], ...wordsOf(error));
    else if (!seen.has(tab)) report('yaml-syntax', tab, 'a tab in the indentation', tabHint);
    if (tab !== undefined) seen.add(tab);
  }
  if (errors.length > 0) return undefined;
  if (!second) return first?.contents ?? reportNothing(text, report);
  report(
    'several-documents',
    second.range[0],
    'a second YAML document begins here; only one is read',
    'write it to a file of its own, or delete the line with ---',
  );
  return undefined;
}

/** A text of nothing but comments is empty; one of nothing but `%` directives is a slip. */
function reportNothing(text: string, report: ReportAt): undefined {
  const at = text.search(/^\ufeff?%/m);
  if (at !== -1)
    report(
      'yaml-syntax',
      at,
      'a line that begins with % is a directive, and no document follows',
      'put the text in quotes',
    );
}

/** As the package's `parseAllDocuments`, but stopped before nesting exhausts its call stack. */
function composeDocuments(text: string, report: ReportAt): Document.Parsed[] | undefined {
  const { Composer, Lexer, Parser } = loadYamlPackage();
  const parser = new Parser();
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  let errors = 0;
  // The package counts a byte order mark as indentation; an empty line in its place keeps all offsets.
  for (const lexeme of new Lexer().lex(text.replace(/^\ufeff/, '\n'))) {
    for (const token of parser.next(lexeme)) {
      documents.push(...composer.next(token));
      if (token.type === 'error') errors++;
    }
    if (errors > maxSyntaxErrors) break;
    if (parser.stack.length <= 2 * maxDepth) continue;
    reportDepth(report, parser.offset);
    return undefined;
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end());
  return documents;
}

/** Says that something is nested too deep. */
export function reportDepth(report: ReportAt, at: number): void {
  report('too-deep', at, `values are nested more than ${maxDepth} deep`, 'write the file flatter');
}

/** Where a tab stands in the indentation of the line of an error: whatever is told of the rest of the line comes from that. */
function tabBefore(text: string, at: number): number | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const tab = indent.indexOf('\t');
  return tab === -1 || tab + start > at ? undefined : tab + start;
}

function wordsOf(error: YAMLError): [message: string, hint: string] {
  return [error.message.replace(/\.$/, ''), hints[error.code] ?? defaultHint];
}

const defaultHint = 'compare the indentation and quotes with the lines above';
const tabHint = 'indent with spaces; YAML takes no tabs there';
const hints: { readonly [code: string]: string | undefined } = {
  TAB_AS_INDENT: tabHint,
  BAD_INDENT: 'give all entries of one mapping or list the same indentation',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that contains ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after a key, or a quote is not closed',
  MISSING_CHAR: 'close the quote or bracket, and put a space after colons and before #',
  BAD_DQ_ESCAPE: 'use single quotes, in which a backslash is only a backslash',
  BAD_SCALAR_START: 'put the value in quotes',
  UNEXPECTED_TOKEN: 'put the value in quotes, or check the indentation of this line',
};
