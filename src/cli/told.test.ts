import { describe, expect, it } from 'vitest';
import { faultText, usageText } from './told.js';

it('puts the code at the end of the first line', () => {
  expect(faultText({ code: 'a.b', message: '缺少' })).toBe('缺少 [a.b]');
  expect(faultText({ code: 'a.b', message: '两处 (two):\n  一\n  二' })).toBe('两处 (two) [a.b]:\n  一\n  二');
});

describe('a wrong use', () => {
  it('is said in Chinese first, with what was typed and the suggestion', () => {
    expect(usageText("error: unknown option '--jsn'\n(Did you mean --json?)\n")).toBe(
      "没有选项 --jsn (unknown option '--jsn')\n(Did you mean --json?)\n",
    );
    expect(usageText("error: option '--kind <K>' argument '$1' is invalid. Allowed choices are a, b.\n")).toContain(
      '选项 --kind <K> 不能是“$1”，应为其中之一：a, b',
    );
  });

  it('stays as it is where its words are not known', () => {
    expect(usageText('error: something new\n')).toBe('error: something new\n');
  });
});
