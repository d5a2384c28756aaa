// The leads OWASP names under "CSV Injection", full-width ones included. Apostrophes before them count too, so that taking one off
// gives back the text in every case.
const formulaLead = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** Puts an apostrophe before a text that a spreadsheet would take for a formula. */
export function guardFormula(text: string): string {
  return formulaLead.test(text) ? `'${text}` : text;
}

/** Takes back what `guardFormula` did; any other text stays as it is. */
export function unguardFormula(text: string): string {
  return text.startsWith("'") && formulaLead.test(text) ? text.slice(1) : text;
}
