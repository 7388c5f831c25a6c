/** tuban report QUARTER: the quarter as one offline page, with a picture of each of its first tasks. */
import { join, resolve } from 'node:path';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { Fault } from '../model/fault.js';
import { parseQuarter } from '../model/quarter.js';
import { type QuarterReport, type QuarterReportRequest, reportQuarter } from '../quarter-report.js';
import type { CommandContext, Register } from './command.js';
import { leaving } from './leaving.js';

interface Options {
  readonly out?: string;
  readonly pictures?: string;
  readonly top: string;
  readonly json?: true;
}

export const register: Register = (program, context) => {
  program
    .command('report')
    .description(
      '把一个季度写成可离线打开的网页，并为排名靠前的任务各出一张前后对比图\n(a quarter as one offline page, with a picture of each of its first tasks)',
    )
    .argument('<QUARTER>', '季度，如 2026Q3 (quarter)')
    .option('--out <FILE.html>', '网页文件，默认为工作区的 reports/季度.html (the page)')
    .option('--pictures <DIR>', '图片文件夹，默认为工作区的 reports/季度 (folder of the pictures)')
    .option('--top <N>', '出图的任务个数 (how many tasks get a picture)', '10')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (text: string, options: Options) => {
      const quarter = parseQuarter(text);
      const top = Number(options.top);
      if (!Number.isInteger(top) || top < 0 || top > 500) {
        throw new Fault('report.top', `--top 应为 0 到 500 的整数，得到的是“${options.top}” (expected 0–500)`);
      }
      const workspace = await context.workspace();
      const { session } = context;
      const place = (given: string | undefined, byDefault: string) =>
        given === undefined ? join(workspace.dir, 'reports', byDefault) : resolve(session.cwd, given);
      const htmlPath = place(options.out, `${quarter}.html`);
      const pictureFolder = place(options.pictures, quarter);
      const report = await reportOf(context, { quarter, htmlPath, pictureFolder, top });
      session.out(
        options.json
          ? `${JSON.stringify(report)}\n`
          : `${[`报告 (report)  ${report.html}`, ...report.pictures.map((path) => `图片 (picture) ${path}`)].join('\n')}\n`,
      );
    });
};

/** Its rows are the tasks on the list; the log has the page's SHA-256. */
async function reportOf(context: CommandContext, request: Omit<QuarterReportRequest, 'mark'>): Promise<QuarterReport> {
  const workspace = await context.workspace();
  const { quarter, htmlPath } = request;
  const { total } = await quarterRecord(workspace.database).tasks(quarter, { state: 'new', offset: 0, limit: 1 });
  return leaving(context, { kind: 'report', quarter, rows: total }, htmlPath, (mark) =>
    reportQuarter(workspace, { ...request, mark }),
  );
}
