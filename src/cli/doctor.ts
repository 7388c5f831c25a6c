/** tuban doctor: is everything here that the work needs? */
import type { Finding } from '../model/finding.js';
import type { Register } from './command.js';

const SIGNS: Readonly<Record<Finding['state'], string>> = { ok: '正常 ok  ', warn: '注意 warn', fail: '错误 FAIL' };

export const register: Register = (program, context) => {
  program
    .command('doctor')
    .description(
      '检查程序、GDAL、数据库、队列、磁盘与时钟，并说明怎么办 (check program, GDAL, database, queue, disk, clock; say what to do)',
    )
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { session } = context;
      const dir = context.directory();
      const pool = context.pool(1);
      // Loaded on demand: it touches every part, and no other command should wait for their modules.
      const { examine } = await import('../doctor.js');
      const findings = await examine({ dir, pool, workspace: () => context.workspace(), now: new Date() });
      const failed = findings.filter(({ state }) => state === 'fail').length;
      const warned = findings.filter(({ state }) => state === 'warn').length;
      if (failed > 0) session.status = 1;
      if (json) {
        session.out(`${JSON.stringify({ ok: failed === 0, findings })}\n`);
        return;
      }
      for (const finding of findings) session.out(line(finding));
      session.out(
        failed + warned === 0
          ? '\n一切正常 (all is well)\n'
          : `\n${failed} 项错误，${warned} 项注意 (failures, warnings)\n`,
      );
    });
};

function line({ state, found, advice }: Finding): string {
  return `${SIGNS[state]}  ${found}\n${advice === null ? '' : `           → ${advice}\n`}`;
}
