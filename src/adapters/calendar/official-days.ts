/**
 * The official calendar of each year as the package chinese-days holds it (MIT; made from the State Council's notices, 2004 on). The package
 * itself takes a year that it does not have for plain weeks and says nothing, so only its data are read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { CalendarYear } from '../../model/working-days.js';

const days = z.record(z.iso.date(), z.string());
const yearFile = z.object({ holidays: days, workdays: days });

export function officialDays(): CalendarYear[] {
  const main = createRequire(import.meta.url).resolve('chinese-days');
  const folder = join(dirname(main), 'years');
  const names = readdirSync(folder).filter((name) => /^\d{4}\.json$/.test(name));
  return names.sort().map((name) => {
    const { holidays, workdays } = yearFile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    const year = Number(name.slice(0, 4));
    return {
      year,
      off: Object.keys(holidays).sort(),
      worked: Object.keys(workdays).sort(),
      source: `国务院办公厅关于${year}年部分节假日安排的通知（chinese-days 软件包收录）`,
    };
  });
}
