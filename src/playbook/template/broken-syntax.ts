/** What is wrong with a template's text, and at which offset; carried out of the reader with `throw` and turned into a `Problem` or a `TemplateError`. */
export interface SyntaxTrouble {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
  readonly rule: string;
}

const troubleOf = new WeakMap<Error, SyntaxTrouble>();

/** Ends reading a template. */
export function refuseSyntax(
  offset: number,
  message: string,
  hint = '',
  rule = 'template-syntax',
): never {
  const error = new Error(message);
  troubleOf.set(error, { offset, message, hint, rule });
  throw error;
}

/** The trouble a thrown thing stands for; undefined for anything that is no broken syntax. */
export function syntaxTroubleOf(thrown: unknown): SyntaxTrouble | undefined {
  // what is nested deeper than the stack is deep
  if (thrown instanceof RangeError)
    return { offset: 0, message: 'it nests too deeply', hint: '', rule: 'template-syntax' };
  return thrown instanceof Error ? troubleOf.get(thrown) : undefined;
}
