/** tuban calendar list | show | due | import | export: the official calendar that deadlines are counted by. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { decodedText } from '../adapters/files/read-csv.js';
import { replaceFile } from '../adapters/files/replace-file.js';
import { createDesk } from '../adapters/postgres/desk.js';
import { calendarFileText } from '../model/calendar-file.js';
import { Fault } from '../model/fault.js';
import { type CalendarYear, isDay, workingDaysAfter } from '../model/working-days.js';
import { createCalendars, workCalendar } from '../queue-calendar.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';

export const register: Register = (program, context) => {
  const calendar = program
    .command('calendar')
    .description('节假日与调休：期限按工作日计算的依据 (the official calendar that deadlines are counted by)');
  calendar
    .command('list')
    .description('有官方安排的年份及依据 (years that are known, and by which document)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ json }: { json?: boolean }) => {
      const years = [...(await yearsOf(context)).values()].sort((a, b) => a.year - b.year);
      if (json) return context.session.out(`${JSON.stringify(years)}\n`);
      context.session.out(
        table(years, [
          { head: '年份', cell: ({ year }) => String(year) },
          { head: '放假天数', right: true, cell: ({ off }) => String(off.length) },
          { head: '调休上班', right: true, cell: ({ worked }) => String(worked.length) },
          { head: '依据 (source)', cell: ({ source }) => source },
        ]),
      );
      context.session.err(
        '其他年份只知周末，期限标为暂定 (other years know weekends only: deadlines are provisional)\n',
      );
    });
  calendar
    .command('show')
    .description('一年的放假与调休日 (days off and worked days of a year)')
    .argument('<YEAR>', '年份 (year)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (text: string, { json }: { json?: boolean }) => {
      const year = await yearOf(text, context);
      context.session.out(json ? `${JSON.stringify(year)}\n` : calendarFileText(year));
    });
  calendar
    .command('due')
    .description('收到之日起第 N 个工作日 (the N-th working day after a day of receipt)')
    .argument('<DAY>', '收到日期，如 2026-11-27 (day of receipt, not counted)')
    .argument('<N>', '工作日数 (working days)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (day: string, count: string, { json }: { json?: boolean }) => {
      const days = wholeNumber('N', count, 1, 1000) ?? 1;
      if (!isDay(day)) {
        throw new Fault('calendar.day', `日期应写作 2026-11-27，得到的是“${day}” (expected a day like 2026-11-27)`);
      }
      const due = workingDaysAfter(await yearsOf(context), day, days);
      if (json) return context.session.out(`${JSON.stringify(due)}\n`);
      context.session.out(`${due.day}${due.provisional ? '（暂定：尚无官方安排 provisional）' : ''}\n`);
    });
  files(calendar, context);
};

function files(calendar: Command, context: CommandContext): void {
  calendar
    .command('import')
    .description('录入官方安排：CSV，每行“2027-01-01,休”或“2027-01-09,班” (enter a year: CSV)')
    .argument('<FILE>', 'CSV')
    .requiredOption('--source <TEXT>', '依据的文件，如 国办发明电〔2026〕X号 (the document that says so)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (file: string, { source, json }: { source: string; json?: boolean }) => {
      const { database } = await context.workspace();
      const actor = await actorOf(context);
      const path = resolve(context.session.cwd, file);
      const calendars = createCalendars(createDesk(database));
      const years = await calendars.enter(actor, textOf(path), source);
      for (const year of years) {
        if (json) continue;
        context.session.out(
          `${year.year} 年：放假 ${year.off.length} 天，调休上班 ${year.worked.length} 天 (recorded)\n`,
        );
      }
      if (json) context.session.out(`${JSON.stringify(years)}\n`);
    });
  calendar
    .command('export')
    .description('写出一年的安排，可修改后再录入 (write a year, to be corrected and entered again)')
    .argument('<YEAR>', '年份 (year)')
    .argument('<FILE>', 'CSV')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (year: string, file: string, { json }: { json?: boolean }) => {
      const path = resolve(context.session.cwd, file);
      // The mark tells Excel that the text is UTF-8.
      const known = await yearOf(year, context);
      await replaceFile(path, Buffer.from(`\uFEFF${calendarFileText(known)}`));
      context.session.out(
        json ? `${JSON.stringify({ year: known.year, path })}\n` : `已写出 ${known.year} 年 (year written)：${path}\n`,
      );
    });
}

async function yearsOf(context: CommandContext): Promise<ReadonlyMap<number, CalendarYear>> {
  return workCalendar((await context.workspace()).database);
}

async function yearOf(text: string, context: CommandContext): Promise<CalendarYear> {
  const year = wholeNumber('YEAR', text, 1949, 9999) ?? 0;
  const known = (await yearsOf(context)).get(year);
  if (known) return known;
  throw new Fault(
    'calendar.year',
    `没有 ${year} 年的官方安排；公布后用 tuban calendar import 录入 (no official calendar of that year yet: enter it when it is out)`,
  );
}

function textOf(path: string): string {
  try {
    return decodedText(readFileSync(path));
  } catch (cause) {
    throw new Fault('calendar.missing', `无法读取 ${path} (the file cannot be read)`, { cause });
  }
}
