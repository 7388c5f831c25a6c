import { expect, it } from 'vitest';
import { calendarFileText, parseCalendarFile } from './calendar-file.js';

it('comes back as it was written, years apart', () => {
  const text = '\uFEFF日期,类型\r\n2027-01-01，休\n2027-01-09,班\n\n2028-01-03\t放假\n';
  const years = parseCalendarFile(text, '国办发明电');
  expect(years).toEqual([
    { year: 2027, off: ['2027-01-01'], worked: ['2027-01-09'], source: '国办发明电' },
    { year: 2028, off: ['2028-01-03'], worked: [], source: '国办发明电' },
  ]);
  for (const year of years) expect(parseCalendarFile(calendarFileText(year), year.source)).toEqual([year]);
});

it('tells every wrong line: no such day, twice, neither, a worked weekday', () => {
  const text = '2027-02-30,休\n2027-01-01,休\n2027-01-01,班\n2027-01-02,x\n2027-01-04,班\n';
  expect(() => parseCalendarFile(text, 's')).toThrow(/line 1[\s\S]*line 3[\s\S]*line 4[\s\S]*line 5/);
  expect(() => parseCalendarFile('日期,类型\n', 's')).toThrow(/no day/);
});
