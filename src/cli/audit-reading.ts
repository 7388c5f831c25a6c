/** tuban audit reading: who looked at places in a quarter, and what is unusual about it: hints for a supervisor, never an accusation. */
import { createDesk } from '../adapters/postgres/desk.js';
import { parseQuarter, quarterDays } from '../model/quarter.js';
import { READ_HINT_WORDS, type ReaderLine, type ReadHint } from '../model/read-watch.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { createReadingWatch } from '../queue-reading.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { table } from './table.js';

interface Options {
  readonly quarter?: string;
  readonly json?: boolean;
}

const DAYS = 92;
const DAY_MS = 86_400_000;

export const readingCommand: Register = (audit, context) => {
  audit
    .command('reading')
    .description(
      '谁查看过任务地点，有无异常；只是提示，不是认定 (who looked at places, and what is unusual; hints, never an accusation)',
    )
    .option(
      '--quarter <QUARTER>',
      `日历季度，如 2026Q3；缺省为最近 ${DAYS} 天 (calendar quarter; default: the last days)`,
    )
    .option('--json', '输出 JSON (print JSON)')
    .action((options: Options) => report(options, context));
};

async function report({ quarter, json }: Options, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
  const { from, until } = quarter === undefined ? lastDays() : spanOf(quarter);
  const watch = await createReadingWatch(consoleDesk(createDesk(database))).watch(actor, from, until);
  const { readers, names, tooFew } = watch;
  const { session } = context;
  if (json) {
    session.out(`${JSON.stringify({ from, until, tooFew, readers })}\n`);
    return;
  }
  if (readers.length === 0) {
    session.err(`${from.slice(0, 10)} 至 ${until.slice(0, 10)} 没有查看记录 (nobody looked)\n`);
    return;
  }
  const name = (id: string) => names[id] ?? id;
  session.out(
    table(readers, [
      { head: '人员', cell: ({ personId }) => name(personId) },
      { head: '范围', cell: ({ everywhere }) => (everywhere ? '全域' : '部分区域') },
      { head: '查看 (looks)', right: true, cell: ({ looks }) => String(looks) },
      { head: '任务', right: true, cell: ({ tasks }) => String(tasks) },
      { head: '其外', right: true, cell: ({ outside }) => String(outside) },
      { head: '一小时最多', right: true, cell: ({ busiest }) => String(busiest) },
      { head: '夜间', right: true, cell: ({ night }) => String(night) },
      { head: '之后无人开采', right: true, cell: ({ quietAfter, foundAfter }) => `${quietAfter}/${foundAfter}` },
      { head: '下一季无变化', right: true, cell: ({ stillAfter, comparedAfter }) => `${stillAfter}/${comparedAfter}` },
      { head: '清单条数', right: true, cell: ({ listed }) => String(listed) },
    ]),
  );
  for (const reader of readers)
    for (const hint of reader.hints) session.out(`  ${name(reader.personId)}：${sentence(reader, hint)}\n`);
  if (tooFew) session.err('查看的人太少，不作比较 (too few readers to compare)\n');
  session.err('以上只是统计提示，可能有正当原因，不能据此认定任何人有过错 (hints from counts, never an accusation)\n');
}

function sentence(reader: ReaderLine, { hint, expected, chance }: ReaderLine['hints'][number]): string {
  const counted: Readonly<Record<ReadHint, number>> = {
    outside: reader.outside,
    burst: reader.busiest,
    night: reader.night,
    'quiet-after': reader.quietAfter,
    'still-after': reader.stillAfter,
  };
  const odds = chance === null ? '' : `，偶然出现的概率约 ${chance.toExponential(0)}`;
  return `${READ_HINT_WORDS[hint].zh}：${counted[hint]}，按他人情况约 ${expected.toFixed(1)}${odds}`;
}

/** Days of China, as instants in UTC. */
function spanOf(text: string): { from: string; until: string } {
  const { first, last } = quarterDays(parseQuarter(text));
  const start = (day: string) => Date.parse(`${day}T00:00:00+08:00`);
  return { from: new Date(start(first)).toISOString(), until: new Date(start(last) + DAY_MS).toISOString() };
}

function lastDays(): { from: string; until: string } {
  const now = Date.now();
  return { from: new Date(now - DAYS * DAY_MS).toISOString(), until: new Date(now + DAY_MS).toISOString() };
}
