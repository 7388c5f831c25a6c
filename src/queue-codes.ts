/** queue-codes: the workspace's code tables, read by everyone, replaced by administrators of everywhere, each version whole. */
import { addCodeVersion, lockCodes, readCodeUse, readCodeVersions } from './adapters/postgres/codes.js';
import type { Code } from './model/codes.js';
import { Fault } from './model/fault.js';
import { canonicalJson } from './model/id.js';
import { hasRole } from './model/person.js';
import type { CodeTables } from './ports/codes.js';
import type { Desk } from './ports/desk.js';
import { codesOf } from './queue-ground.js';
import { codeErrors } from './stages/check-codes/check-codes.js';

export function createCodeTables(desk: Desk): CodeTables {
  return {
    table: (actor, version) => desk.as(actor, ({ sql }) => codesOf(sql, version)),
    versions: (actor) => desk.as(actor, ({ sql }) => readCodeVersions(sql)),
    replace: (actor, wished, note, base) =>
      desk.as(actor, async (turn) => {
        if (!hasRole(turn.member, 'administrator', [])) {
          throw new Fault(
            'codes.role',
            '只有全域管理员可以修改代码表 (only administrators of everywhere change the codes)',
          );
        }
        await lockCodes(turn.sql);
        const standing = await codesOf(turn.sql, null);
        if (base !== undefined && base !== standing.version) {
          throw new Fault(
            'codes.stale',
            `代码表已有第 ${standing.version} 版，所依据的是第 ${base} 版；请重新打开再改 (there is a newer version: open it and change that)`,
          );
        }
        const codes = wished.map(plain);
        const errors = codeErrors(codes, standing, await readCodeUse(turn.sql));
        if (errors.length > 0) {
          const lines = errors.map(({ row, message }) => `  ${row === null ? '' : `第 ${row + 1} 行：`}${message}`);
          throw new Fault('codes.invalid', `代码表没有更改 (nothing was changed):\n${lines.join('\n')}`, {
            details: {
              errors: errors.map(({ row, field, message }) => ({ path: [row ?? '', field ?? ''].join('.'), message })),
            },
          });
        }
        if (canonicalJson(codes) === canonicalJson(standing.codes.map(plain))) return standing;
        const table = { version: standing.version + 1, codes };
        await addCodeVersion(turn, table, note.trim());
        turn.record({ action: 'codes.replace', subject: `codes:${table.version}`, body: { codes: codes.length } });
        return table;
      }),
  };
}

/** Its own fields only, in one order. */
function plain({ kind, code, zh, en, effect, retired }: Code): Code {
  return { kind, code: code.trim(), zh: zh.trim(), en: en.trim(), effect, retired };
}
