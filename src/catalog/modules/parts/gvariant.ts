/** A GVariant text in one spelling, for comparing (GLib, "GVariant Text Format"): quotes, blanks, the default types and number bases do not matter; `uint32 5` is not `5`. */
export function normalizeGVariant(text: string): string {
  const token =
    /\s+|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|@[a-z{}()*?]+|\b(?:boolean|byte|u?int(?:16|32|64)|handle|double|string|objectpath|signature)\b|[+-]?0[xX][0-9a-fA-F]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[\s\S]/g;
  let normal = '';
  for (const [whole, double, single] of text.matchAll(token)) {
    const quoted = double ?? single;
    if (quoted !== undefined) normal += JSON.stringify(unescapeText(quoted));
    else if (/^[+-]?[\d.]/.test(whole)) normal += numberText(whole);
    else if (/^(byte|int16|uint\d+|int64|handle|objectpath|signature)$/.test(whole))
      normal += `${whole} `;
    else if (!/^(\s|@[a-z{(]|boolean$|int32$|double$|string$)/.test(whole)) normal += whole;
  }
  return normal.replaceAll(',)', ')');
}

function numberText(text: string): string {
  const negative = text.startsWith('-');
  const value = Number(text.replace(/^[+-]/, ''));
  const isDouble = !/^[+-]?0x/i.test(text) && /[.e]/i.test(text);
  return Number.isNaN(value) ? text : `${negative ? '-' : ''}${value}${isDouble ? 'd' : ''}`;
}

function unescapeText(text: string): string {
  const controls: { readonly [letter: string]: string } = {
    n: '\n',
    t: '\t',
    r: '\r',
    b: '\b',
    f: '\f',
    v: '\v',
    a: '\x07',
  };
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\n|([\s\S]))/g,
    (_, short, long, letter) => {
      const code = short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return letter === undefined ? '' : (controls[letter] ?? letter);
    },
  );
}
