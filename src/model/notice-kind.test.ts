import { expect, it } from 'vitest';
import { NOTICE_KINDS, noticeText } from './notice-kind.js';

it('leaves no measure word without its number', () => {
  expect(NOTICE_KINDS.map(noticeText).filter((text) => /^[件份个]/.test(text))).toEqual([]);
  expect(noticeText('draft-handed')).toBe('核查草稿移交给您');
});
