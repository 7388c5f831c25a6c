/** tuban token add | list | revoke: ways in for programs, narrower than their person's, and only for a time. */
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../model/fault.js';
import { RIGHT_WORDS, RIGHTS, type Right } from '../model/right.js';
import type { Register } from './command.js';
import { wholeNumber } from './staying.js';
import { table } from './table.js';
import { accessOf, JSON_OPTION, type Json } from './user.js';

const DEFAULT_DAYS = 90;

interface AddOptions {
  readonly name: string;
  readonly scope: string;
  readonly days?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  const { session } = context;
  const token = program.command('token').description('程序令牌 (tokens for programs)');
  token
    .command('add')
    .description('新建令牌，只显示一次 (make a token, shown once)')
    .argument('<LOGIN>', '以谁的名义 (whose)')
    .requiredOption('--name <NAME>', '用途 (what for)')
    .requiredOption(
      '--scope <RIGHTS>',
      `权限，以逗号分隔 (rights, by commas)：${RIGHTS.map((right) => `${right} ${RIGHT_WORDS[right].zh}`).join('、')}`,
    )
    .option('--days <N>', `有效天数，缺省 ${DEFAULT_DAYS} (days it lasts)`)
    .option('--out <FILE>', '写入文件（仅本人可读），不显示 (write it to a file that only its owner may read)')
    .option(...JSON_OPTION)
    .action(async (login: string, { name, scope, days, out, json }: AddOptions) => {
      const lasts = wholeNumber('--days', days, 1, 730) ?? DEFAULT_DAYS;
      const { credentials, actor } = await accessOf(context);
      const file = out === undefined ? null : newFile(resolve(session.cwd, out));
      // What is no right is refused by its name further on.
      const rights = scope.split(',').map((one) => one.trim()) as Right[];
      const made = await credentials.addToken(actor, login, { name, scope: rights, days: lasts }).catch((error) => {
        if (file !== null) rmSync(file, { force: true });
        throw error;
      });
      if (file !== null) writeFileSync(file, `${made.token}\n`);
      const shown = file === null ? { token: made.token } : { path: file };
      if (json) session.out(`${JSON.stringify({ ...shown, entry: made.entry })}\n`);
      else if (file === null) session.out(`${made.token}\n`);
      session.err(
        `令牌 ${made.entry.id}，有效至 ${made.entry.expiresAt}，不再显示 (valid until then; never shown again)\n`,
      );
    });
  token
    .command('list')
    .description('列出有效令牌 (list valid tokens)')
    .argument('[LOGIN]', '只列某人的 (only those of a person)')
    .option(...JSON_OPTION)
    .action(async (login: string | undefined, { json }: Json) => {
      const { credentials, people, actor } = await accessOf(context);
      const tokens = await credentials.tokens(actor, login ?? null);
      if (json) {
        session.out(`${JSON.stringify({ tokens })}\n`);
        return;
      }
      if (tokens.length === 0) {
        session.err('没有有效的令牌 (no valid tokens)\n');
        return;
      }
      const logins = new Map((await people.list(actor)).map((entry) => [entry.id, entry.login]));
      session.out(
        table(tokens, [
          { head: '编号 (id)', cell: ({ id }) => id },
          { head: '用户 (person)', cell: ({ personId }) => logins.get(personId) ?? personId },
          { head: '用途 (for)', cell: ({ name }) => name },
          { head: '权限 (scope)', cell: ({ scope }) => scope.join(',') },
          { head: '有效至 (until)', cell: ({ expiresAt }) => expiresAt },
          { head: '最近使用 (last used)', cell: ({ lastUsedAt }) => lastUsedAt ?? '—' },
        ]),
      );
    });
  token
    .command('revoke')
    .description('吊销令牌 (revoke a token)')
    .argument('<ID>', '令牌编号 (id of the token)')
    .option(...JSON_OPTION)
    .action(async (id: string, { json }: Json) => {
      const { credentials, actor } = await accessOf(context);
      await credentials.revokeToken(actor, id);
      if (json) session.out(`${JSON.stringify({ id, revoked: true })}\n`);
      session.err('已吊销 (revoked)\n');
    });
};

/** Empty, for its owner alone, before there is a token to lose. Fault token.file. */
function newFile(path: string): string {
  try {
    writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
    return path;
  } catch (cause) {
    throw new Fault(
      'token.file',
      `不能新建文件 ${path}；须是尚不存在的文件 (the file cannot be made; it must not exist yet)`,
      {
        cause,
      },
    );
  }
}
