/** tuban patches …: patches that runs found (export), and those issued from above (import, compare, list, show, results). */
import type { Register } from './command.js';
import { compareCommand } from './patches-compare.js';
import { exportCommand } from './patches-export.js';
import { importCommand } from './patches-import.js';
import { listCommand, showCommand } from './patches-list.js';
import { resultsCommand } from './patches-results.js';

export const register: Register = (program, context) => {
  const patches = program
    .command('patches')
    .description(
      '图斑：导出；上级下发图斑的导入、比对、成果 (patches; those issued from above: import, compare, results)',
    );
  for (const add of [exportCommand, importCommand, compareCommand, listCommand, showCommand, resultsCommand]) {
    add(patches, context);
  }
};
