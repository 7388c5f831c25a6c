/** tuban init DIR: makes a workspace. */
import { basename, resolve } from 'node:path';
import { hasEmbeddedDatabase, makeWorkspaceFolder } from '../adapters/workspace/make.js';
import type { Register } from './command.js';

interface Options {
  readonly title?: string;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  program
    .command('init')
    .description('建立工作区：设置文件与数据库 (make a workspace: settings and database)')
    .argument('[DIR]', '新的或空的文件夹，默认为 -C 或当前文件夹 (a new or empty folder)')
    .option('--title <NAME>', '单位或县区名称 (name of the bureau or county)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (given: string | undefined, options: Options) => {
      const { session } = context;
      const dir = given === undefined ? context.directory() : resolve(session.cwd, given);
      const made = makeWorkspaceFolder(dir, options.title ?? basename(dir));
      const database = made || !hasEmbeddedDatabase(dir) ? (await context.hold(dir)).database.kind : 'embedded';
      if (options.json) session.out(`${JSON.stringify({ dir, made, database })}\n`);
      else if (made)
        session.out(`已建立工作区 (workspace made): ${dir}\n设置 (settings): ${resolve(dir, 'tuban.yaml')}\n`);
      else session.out(`已经是工作区，未作改动 (is a workspace already, nothing changed): ${dir}\n`);
    });
};
