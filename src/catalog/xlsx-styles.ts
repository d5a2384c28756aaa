import { scanXml } from './xml-scanner.ts';

/** How a number is shown: `date`, or with as many digits as there are zeros, or as it is. */
export interface NumberStyle {
  readonly isDate: boolean;
  /** Zeros are put before it up to so many digits; 0 for none. */
  readonly digits: number;
}

const plain: NumberStyle = { isDate: false, digits: 0 };

/** Reads which number format each cell style has (ECMA-376, part 1, 18.8), by the style's number. */
export function readStyles(xml: string | undefined): readonly NumberStyle[] {
  const codes = new Map<string, string>();
  const styles: NumberStyle[] = [];
  for (const token of scanXml(xml ?? '')) {
    if (token.kind !== 'open') continue;
    const { path, attributes } = token;
    const id = attributes.get('numFmtId') ?? '0';
    if (path === 'styleSheet/numFmts/numFmt') codes.set(id, attributes.get('formatCode') ?? '');
    if (path === 'styleSheet/cellXfs/xf') styles.push(styleOf(id, codes));
  }
  return styles;
}

function styleOf(id: string, codes: ReadonlyMap<string, string>): NumberStyle {
  const code = codes.get(id);
  if (code === undefined) return { ...plain, isDate: isBuiltInDate(Number(id)) };
  if (/^0+$/.test(code)) return { isDate: false, digits: code.length };
  const bare = code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]|[_*]./g, '');
  return { ...plain, isDate: /[ymdhs]/i.test(bare) && !/General/i.test(bare) };
}

/** Ids 14 to 22 and 45 to 47 are dates and times everywhere, 27 to 36 and 50 to 58 in East Asian versions (18.8.30). */
function isBuiltInDate(id: number): boolean {
  return (
    (id >= 14 && id <= 22) ||
    (id >= 27 && id <= 36) ||
    (id >= 45 && id <= 47) ||
    (id >= 50 && id <= 58)
  );
}
