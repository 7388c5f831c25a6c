/** tuban notices list | send: what a person is told; what goes out by mail and webhook (for cron; `tuban serve` does it every minute). */

import { createDesk } from '../adapters/postgres/desk.js';
import { failedDeliveries } from '../adapters/postgres/notices.js';
import { noticeParts } from '../app-notices.js';
import { lookAfterQueue } from '../app-upkeep.js';
import { noticeText } from '../model/notice-kind.js';
import { createNotices } from '../queue-notices.js';
import { actorOf } from './as-person.js';
import type { Register } from './command.js';
import { localTime } from './local-time.js';
import { table } from './table.js';

const MOST = 200;

export const register: Register = (program, context) => {
  const notices = program.command('notices').description('通知：查看、发出 (notices: read, send)');
  notices
    .command('list')
    .description('某人的通知 (a person’s notices; --as LOGIN)')
    .option('--all', '含已读 (also those that were read)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const { database } = await context.workspace();
      const actor = await actorOf(context);
      const port = createNotices(createDesk(database));
      const list = await port.mine(actor, { unseen: !options.all, limit: MOST });
      if (options.json) {
        context.session.out(`${JSON.stringify(list)}\n`);
        return;
      }
      if (list.length === 0) context.session.err('没有通知 (no notices)\n');
      else {
        context.session.out(
          table(list, [
            { head: '时间', cell: ({ madeAt }) => localTime(madeAt) },
            { head: '事项', cell: ({ kind }) => noticeText(kind) },
            { head: '期限', cell: ({ dueOn }) => dueOn ?? '' },
            { head: '任务', cell: ({ taskId }) => taskId },
          ]),
        );
      }
      await port.seen(
        actor,
        list.map(({ id }) => id),
      );
    });
  notices
    .command('send')
    .description(
      '检查期限与领取时钟：结束到期的领取，发出到时的通知；供定时任务使用 (look at the clocks: end leases that are over, send what is due; for cron)',
    )
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ json }: { json?: boolean }) => {
      const workspace = await context.workspace();
      const { session } = context;
      const parts = noticeParts(workspace);
      const outcome = await lookAfterQueue(workspace, parts, session.signal);
      const { ended, notices, made, sent, failed } = outcome;
      // Cron mails whatever is written: nothing is, where nothing happened.
      if (session.stderrIsTerminal && parts.channels.mail === null && parts.channels.webhook === null) {
        session.err(
          '未设置邮件或通知接口，通知只在系统内显示 (no mail server or webhook is set up: notices stay inside)\n',
        );
      }
      if (json) session.out(`${JSON.stringify(outcome)}\n`);
      else if (ended + notices + made + sent + failed > 0) {
        session.out(
          `领取到期 ${ended}，新通知 ${notices}；消息：新增 ${made}，发出 ${sent}，失败 ${failed} (leases ended, notices; messages made, sent, failed)\n`,
        );
      }
      if (failed === 0) return;
      session.status = 1;
      for (const { channel, tries, error } of await parts.desk.engine('console', failedDeliveries)) {
        session.err(`  ${channel}：已试 ${tries} 次，${error}\n`);
      }
    });
};
