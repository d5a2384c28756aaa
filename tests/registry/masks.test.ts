import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegistrySheet } from '../../src/model/registry-sheet.ts';
import { maskName, maskNumber, maskSheet } from '../../src/registry/masks.ts';

describe('a masked name', () => {
  it.each([
    ['张伟', '张*'],
    ['欧阳', '欧*'],
    ['欧阳雪', '欧**'],
    ['王小明', '王**'],
    ['张 伟', '张*'],
    ['㛃䶮', '㛃*'],
    ['阿不都热合曼·买买提', '阿*********'],
    ['김철수', '김**'],
    ['John Smith', 'J. S.'],
    ['Anna Maria  de la Cruz', 'A. M. d. l. C.'],
    ['Иван Петров', 'И. П.'],
    ['李华、王芳', '李*、王*'],
    ['张', '*'],
    ['J', '*'],
    ['', ''],
  ])('of %s is %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  const letters = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'张伟欧阳雪㛃䶮赵𠮷'), minLength: 1, maxLength: 5 }),
    fc.string({ unit: fc.constantFrom(...'JohnSmithéß '), minLength: 1, maxLength: 20 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  );

  it('shows no more than one letter of each word, and never the name', () => {
    fc.assert(
      fc.property(letters, (name) => {
        fc.pre(/[\p{L}\p{N}]/u.test(name) && !/[*.]/.test(name));
        const masked = maskName(name);
        expect(masked).not.toContain(name);
        const shown = masked.match(/[\p{L}\p{N}]+/gu) ?? [];
        for (const part of shown) expect([...new Intl.Segmenter().segment(part)]).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a masked number', () => {
  it.each([
    ['13800138000', '*********00'],
    ['0532-8600101', '****-*****01'],
    ['+86 (532) 8600101', '+** (***) *****01'],
    ['8600101/8600102', '*****01/*****02'],
    ['T0117', '***17'],
    ['0117', '**17'],
    ['117', '**7'],
    ['17', '*7'],
    ['7', '*'],
    ['', ''],
  ])('of %s is %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  it('shows at most two characters and never more than it hides, whatever was typed', () => {
    const typed = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789-+() 转A'), minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    );
    fc.assert(
      fc.property(typed, (number) => {
        fc.pre(!number.includes('*') && !/[/／、，,;；]/u.test(number));
        const letters = (text: string) =>
          [...new Intl.Segmenter().segment(text)].filter(
            ({ segment }) => !/[-+().\s*]/u.test(segment),
          ).length;
        const masked = maskNumber(number);
        expect(letters(masked)).toBeLessThanOrEqual(Math.min(2, letters(number) / 2));
        if (letters(number) > 0) expect(masked).not.toContain(number);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the public sheet', () => {
  const row = {
    host: 'a01',
    room: 'lab_a',
    roomTitle: '计算机室一',
    seat: '1',
    owner: { name: '张伟', id: '0117', department: '教务处', phone: '13800138000' },
    macs: [{ addr: '00:e0:4c:01:00:01', role: 'wired', primary: true }],
    ip: '10.1.1.1',
    switchPort: 'sw1 GE1/0/1',
    vlan: '110',
    status: 'active',
    since: '2026-01-01T00:00:00.000Z',
    lastConfirmed: '',
    lastSeen: '',
    remarks: ['overdue'],
    missing: [],
  } as const;
  const sheet: RegistrySheet = {
    head: { unit: '第一中学', filingNumbers: ['1'], citation: '82' },
    at: '2026-09-01T00:00:00.000Z',
    madeBy: 'zhangwei@office-7',
    isPublic: false,
    confirmDays: 365,
    unseenDays: 30,
    isAnySeen: true,
    knownFrom: '2026-01-01T00:00:00.000Z',
    rows: [row],
    retired: 1,
  };

  it('says everything but who exactly: addresses, department, dates and remarks stay', () => {
    const masked = { name: '张*', id: '**17', department: '教务处', phone: '*********00' };
    expect(maskSheet(sheet)).toEqual({
      ...sheet,
      isPublic: true,
      madeBy: '',
      rows: [{ ...row, owner: masked }],
    });
  });
});
