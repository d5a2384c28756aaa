const invisible =
  /[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\p{Cc}(?<![\t\n\r])/gu;
const spaces = /[\p{Zs}\t]+/gu;

/** Takes off what people cannot see and did not mean: invisible characters, kinds of blanks other than the plain one, blanks in a row and at the ends of lines. Line breaks become `\n`; empty lines go. */
export function tidyText(text: string): string {
  return text
    .replaceAll(invisible, '')
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replaceAll(spaces, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** Full-width letters, digits and signs (U+FF01 to U+FF5E), as Chinese input methods write them, become ASCII. */
export function foldWidth(text: string): string {
  return text.replaceAll(/[\uff01-\uff5e]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) - 0xfee0),
  );
}
