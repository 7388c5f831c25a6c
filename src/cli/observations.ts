/** tuban observations export: what became of every register polygon in a quarter: changed, unchanged or not seen. */
import { resolve } from 'node:path';
import { createLayerRegister } from '../adapters/postgres/layer-register.js';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { exportList, LIST_FORMATS } from '../list-files.js';
import { observationList } from '../model/patch-list.js';
import { undrawn } from '../model/zone-kinds.js';
import type { Register } from './command.js';
import { leaving } from './leaving.js';
import { chosenQuarter, QUARTER_OPTION } from './quarter-option.js';

export const register: Register = (program, context) => {
  program
    .command('observations')
    .description('观测结果：导出 (observations: export)')
    .command('export')
    .description(
      `导出每个登记多边形的观测结果：有变化、无变化、未看到\n(export one observation per register polygon)：${LIST_FORMATS}`,
    )
    .argument('<FILE>', '输出文件 (output file)')
    .option(...QUARTER_OPTION)
    .action(async (file: string, options: { quarter?: string }) => {
      const { database, pool } = await context.workspace();
      const { session } = context;
      const record = quarterRecord(database);
      const quarter = await chosenQuarter(options.quarter, record);
      const observations = await record.observations(quarter);
      const boundaries = await createLayerRegister(database).boundaries();
      const byId = new Map(boundaries.map((boundary) => [boundary.id, undrawn(boundary)]));
      const path = resolve(session.cwd, file);
      await leaving(context, { kind: 'observations', quarter, rows: observations.length }, path, (mark) =>
        exportList(path, observationList(observations, byId), pool, mark),
      );
      session.out(`已写出 ${quarter} 的 ${observations.length} 条观测 (observations written)：${path}\n`);
    });
};
