import { describe, expect, it } from 'vitest';
import { diskQuery, refuseWindowsDisk } from '../../src/catalog/windows-disk.ts';
import { finishScript, startnet } from '../../src/catalog/windows-scripts.ts';
import type { DiskRule } from '../../src/model/boot.ts';
import { makeProfileContext } from '../helpers/make-profile.ts';

const known = (serial: string, bytes = 0, wwn = ''): DiskRule => ({
  ...{ by: 'fingerprint', serial, wwn, bytes },
});
const fixed = "InterfaceType<>'USB' and MediaType='Fixed hard disk media'";

describe('the disk that Windows setup may wipe', () => {
  it('is never on USB nor removable, whatever else the rule says', () => {
    expect(diskQuery({ by: 'only' })).toBe(fixed);
    expect(diskQuery(known('S3Z9NB0K'))).toBe(`${fixed} and SerialNumber='S3Z9NB0K'`);
  });

  it('has the size of the rule, as far as WMI tells it: in whole cylinders', () => {
    const told = Math.floor(512_110_190_592 / 8_225_280) * 8_225_280;
    const [, most = 0, above = 0] =
      /Size<=(\d+) and Size>(\d+)$/.exec(diskQuery(known('X', 512_110_190_592)))?.map(Number) ?? [];
    expect(most).toBe(512_110_190_592);
    expect(told <= most && told > above).toBe(true);
    expect(told - 8_225_280 > above).toBe(false);
  });

  it.each([
    ['a WWN', known('', 0, '0x5000c500a1b2c3d4')],
    ['a WWN beside a serial number', known('S3Z9NB0K', 0, '0x5000c500a1b2c3d4')],
    ['a size alone', known('', 512_110_190_592)],
    ['nothing', known('')],
    ['what could end the text', known("X' or 'a'='a")],
    ['what cmd would change', known('%PATH%')],
  ])('is refused, never chosen by less, where the rule holds %s', (_, rule) => {
    expect(refuseWindowsDisk(rule)?.problem).toMatch(/^Windows' setup /);
    expect(() => diskQuery(rule)).toThrow("Windows' setup");
    const context = makeProfileContext({ options: { share: '\\\\files\\windows' }, disk: rule });
    expect(() => startnet(context)).toThrow("Windows' setup");
  });
});

describe('what WinPE runs', () => {
  const text = startnet(makeProfileContext({ options: { share: '\\\\files\\windows' } }));
  const lines = text.split('\n');

  it('begins setup in one place, which nothing but a clear go leads to', () => {
    const setup = lines.findIndex((line) => line.startsWith('Z:\\setup.exe'));
    expect(lines.filter((line) => line.includes('setup.exe'))).toHaveLength(1);
    expect(lines.slice(setup - 2, setup)).toEqual(['goto stop', ':install']);
    expect(lines.filter((line) => line.includes('goto install'))).toEqual([
      'if "!answer!"=="go" goto install',
    ]);
  });

  it('forgets an answer before it asks, and takes none of a request that failed', () => {
    const ask = lines.indexOf(':ask');
    expect(lines.slice(ask + 1, ask + 5)).toEqual([
      'set answer=',
      'if exist X:\\answer.txt del X:\\answer.txt',
      expect.stringMatching(/^curl\.exe -fsS .*\?stage=writing&/),
      'if not errorlevel 1 set /p answer=<X:\\answer.txt',
    ]);
  });

  it('ends for good where it may not begin', () => {
    expect(lines.slice(lines.indexOf(':stop')).join('\n').trim()).toBe(
      ':stop\necho Nothing was written.\n:wait\npause\ngoto wait',
    );
  });
});

it('a new Windows tells its host key only behind every step, else the reason why not', () => {
  const text = finishScript(makeProfileContext({ options: { user: 'tech' } }));
  expect(text).toMatch(/^\$ErrorActionPreference = 'Stop'/);
  const [, steps = '', failed = ''] =
    /\ntry \{\n([\s\S]*)\n\} catch \{\n([\s\S]*)\n\}\n$/.exec(text) ?? [];
  expect(steps.indexOf("Tell ('installed")).toBeGreaterThan(steps.indexOf('made no host key'));
  // A program that fails throws nothing by itself in PowerShell.
  expect(steps).not.toMatch(/^ {2}(?!Run )\w+\.exe/m);
  expect(failed).toContain("Tell ('failed&reason=");
});
