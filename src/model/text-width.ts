import { eastAsianWidth } from 'get-east-asian-width';

let segmenter: Intl.Segmenter | undefined;
/** Cuts texts into what people see as one character (UAX #29). Made when first needed: loading its tables takes as long as the start of Node. */
export const graphemes: Pick<Intl.Segmenter, 'segment'> = {
  segment(text) {
    segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
    return segmenter.segment(text);
  },
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and the like begin with it (ECMA-48, 5.4)
const controlSequence = /\x1b\[[0-?]*[ -/]*[@-~]/g;
/** Letters and signs that are characters of their own whatever stands beside them: European ones and lines, then Chinese, Korean and full-width ones. */
const common =
  /^[\x20-\x7e\xa1-\xac\xae-\u024f\u2010-\u2027\u2500-\u257f\u3000-\u3029\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;
const wide = /[\u3000-\uff60]/g;
/** Marks on other characters, and what shows nothing; Arabic number signs are format characters that are seen. */
const invisible =
  /^(?![\u{600}-\u{605}\u{6dd}\u{890}\u{891}\u{8e2}\u{110bd}\u{110cd}])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Me}\p{Mn}]$/u;
/** Conjoining jamo make one block of several letters, as wide as its first. */
const jamo = /^[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6\ud7cb-\ud7fb]/;
/** A pictograph of the basic plane that is asked to look like text (UTS #51, VS15). */
const textStyle = /^[\p{Emoji_Presentation}--[\u{10000}-\u{10ffff}]]\ufe0e/v;
const emoji =
  /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji}\ufe0f|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})|\u200d\p{Extended_Pictographic}/u;
/** A skin tone that stands on nothing is shown as a patch of its own. */
const patch = /(?<![\p{Emoji_Modifier_Base}\u200d])\p{Emoji_Modifier}/gu;

/** Terminal columns of a text: Chinese characters and emoji take two (UAX #11, UTS #51), marks and control sequences none. */
export function textWidth(text: string): number {
  const shown = text.includes('\x1b') ? text.replace(controlSequence, '') : text;
  if (common.test(shown)) return shown.length + (shown.match(wide)?.length ?? 0);
  let width = 0;
  for (const { segment } of graphemes.segment(shown.toWellFormed())) width += clusterWidth(segment);
  return width;
}

function clusterWidth(cluster: string): number {
  if (cluster.length === 1) return characterWidth(cluster);
  if (textStyle.test(cluster)) return 1;
  if (jamo.test(cluster)) return eastAsianWidth(cluster.codePointAt(0) ?? 0) + patches(cluster, 1);
  const found = emoji.exec(cluster);
  if (found) return 2 + patches(cluster, found.index + found[0].length);
  let width = 0;
  for (const character of cluster) {
    // What a joiner joins to a letter is drawn as part of it.
    if (character === '\u200d') break;
    width += characterWidth(character);
  }
  return width;
}

/** Columns of the skin tones from a place on that stand on nothing. */
function patches(cluster: string, from: number): number {
  return 2 * [...cluster.matchAll(patch)].filter(({ index }) => index >= from).length;
}

function characterWidth(character: string): number {
  return invisible.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}
