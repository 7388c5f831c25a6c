/** tuban export --canonical FILE: everything that runs produced, so that two registers can be compared byte by byte. */
import { resolve } from 'node:path';
import { replaceFile } from '../adapters/files/replace-file.js';
import { canonicalLines } from '../adapters/postgres/canonical.js';
import type { Register } from './command.js';
import { leaving } from './leaving.js';

export const register: Register = (program, context) => {
  program
    .command('export')
    .description(
      '导出运行的全部结果，排序且不含计算时间，可逐字节比较 (export everything that runs produced, sorted, free of computing times)',
    )
    .requiredOption('--canonical <FILE>', '输出文件，每行一个 JSON 记录 (output file, one JSON record a line)')
    .action(async ({ canonical }: { canonical: string }) => {
      const path = resolve(context.session.cwd, canonical);
      const { database } = await context.workspace();
      const lines = await canonicalLines(database);
      const write = () => replaceFile(path, Buffer.from(lines.join('')));
      // Two registers are compared byte by byte: the log has its SHA-256, the file and its folder nothing.
      await leaving(context, { kind: 'canonical', quarter: null, rows: lines.length }, path, write, 'log');
      context.session.err(`已写出 ${lines.length} 条记录 (records written): ${path}\n`);
    });
};
