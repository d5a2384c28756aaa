import type { ImportField } from '../model/import.ts';

/** How people write the words of the inventory; the first Chinese one is written on export. */
const spellings: { readonly [field: string]: { readonly [word: string]: readonly string[] } } = {
  class: {
    student: ['学生机', '学生用机', '学生电脑'],
    teacher: ['教师机', '教师用机', '教师电脑'],
    classroom: ['教室', '多媒体', '多媒体教室', '班班通'],
    office: ['办公', '办公电脑', '办公机', '办公计算机'],
    notebook: ['笔记本', '笔记本电脑', '手提电脑', 'laptop'],
    server: ['服务器'],
    thin: ['瘦客户机', '云终端', '云桌面', 'thin client'],
    printer: ['打印机'],
  },
  ownership: {
    school: ['学校', '公有', '公', '学校资产', '公用'],
    private: ['自购', '私有', '私', '个人', '私人', '自带'],
  },
  status: {
    active: ['在用', '使用中', '正常', '使用', '良好', '完好'],
    broken: ['故障', '损坏', '维修', '待修', '维修中'],
    spare: ['备用', '闲置', '库存'],
    loaned: ['借出', '外借'],
    retired: ['报废', '已报废', '停用', '待报废'],
  },
};

/** The inventory's word for what a person wrote (`学生机` is `student`), or undefined for one it does not have. */
export function readWord(field: ImportField, text: string): string | undefined {
  const written = text.trim().toLowerCase();
  return Object.entries(spellings[field] ?? {}).find(
    ([word, ways]) => word === written || ways.includes(written),
  )?.[0];
}

/** The Chinese word for a word of the inventory; other texts stay as they are. */
export function chineseWord(field: ImportField, word: string): string {
  return spellings[field]?.[word]?.[0] ?? word;
}

/** Whether a field takes only certain words, and which they are. */
export function wordsFor(field: ImportField): readonly string[] | undefined {
  const words = spellings[field];
  return words && Object.entries(words).map(([word, [chinese = '']]) => `${word} (${chinese})`);
}

/** What people write where there is nothing to write. */
const placeholders = new Set([
  '-',
  '--',
  '—',
  '——',
  '/',
  '\\',
  '无',
  '暂无',
  '待定',
  '没有',
  'n/a',
  'na',
  'none',
  'null',
  '空',
]);

/** Whether a text only says that there is nothing. */
export function isPlaceholder(text: string): boolean {
  return placeholders.has(text.toLowerCase());
}

/** Whether a text stands for the value of the row above. */
export function isDitto(text: string): boolean {
  return /^(?:同上|同前|〃|″|"|ditto|”|々)$/i.test(text);
}
