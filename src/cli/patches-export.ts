/** tuban patches export: all patches of a quarter, those within permits included. */
import { resolve } from 'node:path';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { exportList, LIST_FORMATS } from '../list-files.js';
import { patchList, pieceList } from '../model/patch-list.js';
import type { Register } from './command.js';
import { leaving } from './leaving.js';
import { chosenQuarter, QUARTER_OPTION } from './quarter-option.js';

export const exportCommand: Register = (patches, context) => {
  patches
    .command('export')
    .description(`导出一个季度的全部图斑 (export all patches of a quarter)：${LIST_FORMATS}`)
    .argument('<FILE>', '输出文件 (output file)')
    .option(...QUARTER_OPTION)
    .option('--pieces', '按许可和项目分地块，一块一行 (one row for each part under a title)')
    .action(async (file: string, options: { quarter?: string; pieces?: boolean }) => {
      const { database, pool } = await context.workspace();
      const { session } = context;
      const record = quarterRecord(database);
      const quarter = await chosenQuarter(options.quarter, record);
      const found = await record.patches(quarter);
      const path = resolve(session.cwd, file);
      await leaving(context, { kind: 'patches', quarter, rows: found.length }, path, (mark) =>
        exportList(path, options.pieces ? pieceList(found) : patchList(found), pool, mark),
      );
      session.out(`已写出 ${quarter} 的 ${found.length} 个图斑 (patches written)：${path}\n`);
    });
};
