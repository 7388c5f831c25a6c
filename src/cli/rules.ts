/** tuban rules list | show | versions | adopt | replay: the rules behind suspicions and scores, and the record of their settings. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { createDesk } from '../adapters/postgres/desk.js';
import { quarterRecord } from '../adapters/postgres/quarter-record.js';
import { createRuleSets } from '../adapters/postgres/rule-sets.js';
import { parseRuleSet } from '../adapters/workspace/settings.js';
import { LIST_FORMATS } from '../list-files.js';
import { Fault } from '../model/fault.js';
import type { JudgementRecipe } from '../model/judgement-recipe.js';
import { parseQuarter } from '../model/quarter.js';
import { ruleSetHash } from '../model/recipe.js';
import { RULE_IDS, RULES } from '../model/rules.js';
import { VIOLATION_WORDS } from '../model/words.js';
import type { Sql } from '../ports/database.js';
import { adoptFile } from '../queue-learning.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { rulesFile } from '../queue-rules.js';
import { replayTasks } from '../replay.js';
import { CONSOLE } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { typedFor } from './next-command.js';
import { chosenQuarter, QUARTER_OPTION } from './quarter-option.js';
import { tellDifferences } from './rejudge.js';
import { table } from './table.js';

export const register: Register = (program, context) => {
  const rules = program
    .command('rules')
    .description('规则：列出、查看、采用、重算 (rules behind suspicions and scores)');
  registerList(rules, context);
  registerVersions(rules, context);
  registerPreview(rules, context);
  registerAdopt(rules, context);
  registerReplay(rules, context);
};

function registerList(rules: Command, context: CommandContext): void {
  rules
    .command('list')
    .description('列出全部规则：何时提出、如何查清 (every rule: when it is raised, what settles it)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ json }: { json?: boolean }) => {
      const { recipe } = await context.workspace();
      const rows = RULE_IDS.map((id) => ({
        id,
        ...RULES[id],
        enabled: !recipe.judgement.disabledRules.includes(id),
      }));
      if (json) {
        context.session.out(`${JSON.stringify({ ruleSet: ruleSetHash(recipe.judgement), rules: rows })}\n`);
        return;
      }
      context.session.out(
        table(rows, [
          { head: '规则', cell: ({ id }) => id },
          { head: '启用', cell: ({ enabled }) => (enabled ? '是' : '停用') },
          { head: '类型', cell: ({ code }) => (code === null ? '附注' : VIOLATION_WORDS[code].zh) },
          { head: '名称', cell: ({ title }) => title },
          { head: '何时提出', cell: ({ raisedWhen }) => raisedWhen },
          { head: '如何查清', cell: ({ settledBy }) => settledBy },
        ]),
      );
    });
}

function registerVersions(rules: Command, context: CommandContext): void {
  rules
    .command('show')
    .description('显示一套规则设置，缺省为现行的 (settings of a rule set; default: the present one)')
    .argument('[HASH]', '规则集编号 (hash of the set)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (hash: string | undefined, { json }: { json?: boolean }) => {
      const { recipe, database } = await context.workspace();
      const body = hash === undefined ? recipe.judgement : (await createRuleSets(database).byHash(hash))?.body;
      if (!body) throw unknownSet(hash ?? '');
      const shown = { ruleSet: ruleSetHash(body), judgement: body };
      context.session.out(json ? `${JSON.stringify(shown)}\n` : `# 规则集 ${shown.ruleSet}\n${stringify(body)}`);
    });
  rules
    .command('versions')
    .description('用过的规则集：何时、何人、为何采用 (rule sets that were used)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async ({ json }: { json?: boolean }) => {
      const { recipe, database } = await context.workspace();
      const sets = await createRuleSets(database).list();
      if (json) {
        context.session.out(`${JSON.stringify(sets)}\n`);
        return;
      }
      const present = ruleSetHash(recipe.judgement);
      context.session.out(
        table(sets, [
          { head: '版本', right: true, cell: ({ version }) => String(version) },
          { head: '规则集', cell: ({ hash }) => hash },
          { head: '现行', cell: ({ hash }) => (hash === present ? '是' : '') },
          { head: '首次使用 (UTC)', cell: ({ recordedAt }) => recordedAt },
          { head: '采用人', cell: ({ adoptedBy }) => adoptedBy ?? '（tuban.yaml）' },
          { head: '说明', cell: ({ note }) => note ?? '' },
        ]),
      );
    });
}

function registerPreview(rules: Command, context: CommandContext): void {
  rules
    .command('preview')
    .description(
      '试算：换一套规则设置，以往季度的任务会怎样变化；不存储 (what another rule set would do to past quarters; stores nothing)',
    )
    .argument('<FILE>', '规则设置文件，YAML (rule set)')
    .argument('[QUARTER...]', '季度，缺省为全部已完成的季度 (quarters; default: all that are finished)')
    .option('--out <FILE>', `另存差异报告 (write the difference report)：.json ${LIST_FORMATS}`)
    .option('--json', '输出 JSON (print JSON)')
    .action(async (file: string, quarters: string[], options: { out?: string; json?: boolean }) => {
      const workspace = await context.workspace();
      const judgement = readRuleSet(resolve(context.session.cwd, file));
      await tellDifferences(quarters.map(parseQuarter), { ...options, dryRun: true }, context, workspace, judgement);
    });
}

function registerAdopt(rules: Command, context: CommandContext): void {
  rules
    .command('adopt')
    .description('采用一套规则设置：写入 tuban.yaml 并记录在案 (adopt a rule set: into tuban.yaml, and on record)')
    .argument('<FILE>', '规则设置文件，YAML (rule set)')
    .requiredOption(
      '--by <NAME>',
      '采用人：有用户时为全域管理员的登录名或姓名 (who adopts it: an administrator of everywhere, once there are people)',
    )
    .requiredOption('--note <TEXT>', '理由 (why)')
    .option('--json', '输出 JSON (print JSON)')
    .action(async (file: string, { by, note, json }: { by: string; note: string; json?: boolean }) => {
      const { database } = await context.workspace();
      const { session } = context;
      const judgement = readRuleSet(resolve(session.cwd, file));
      const rules = rulesFile(context.directory());
      const personId = await personNamed(database, by);
      const wish = { rules: judgement, reason: note, byName: personId === null ? by.trim() : null };
      const actor = personId === null ? CONSOLE_ACTOR : { personId, device: CONSOLE };
      const { before, hash } = await adoptFile(consoleDesk(createDesk(database)), actor, rules, wish);
      const typed = typedFor(context);
      session.out(
        json
          ? `${JSON.stringify({ ruleSet: hash, before })}\n`
          : `已采用规则集 ${hash}（原为 ${before}）；请运行 tuban rejudge 重新判断以往季度 (adopted)
  要恢复原来的 (the way back)：
    ${typed} rules show ${before} > ${before}.yaml
    ${typed} rules adopt ${before}.yaml --by ${personId === null ? '姓名' : '登录名'} --note 理由\n`,
      );
    });
}

/** Who adopts: by login, id or name; null: the workspace has no people, and any name will do. Faults rules.by, rules.by-many. */
async function personNamed(sql: Sql, by: string): Promise<string | null> {
  const wanted = by.normalize('NFKC').trim();
  if (wanted === '') throw new Fault('rules.by', '请写明采用人 (say who adopts it)');
  const people = await sql.query<{ id: string; login: string; name: string }>(
    `SELECT id, login, name FROM tuban.person WHERE kind = 'person' AND disabled_at IS NULL ORDER BY id`,
  );
  if (people.length === 0) return null;
  const byKey = people.filter(({ id, login }) => id === wanted || login === wanted.toLowerCase());
  const found = byKey.length > 0 ? byKey : people.filter(({ name }) => name.normalize('NFKC') === wanted);
  const [one, ...others] = found;
  if (!one) {
    throw new Fault(
      'rules.by',
      `没有用户“${by}”，或已停用；采用人应为本工作区的用户，用登录名或姓名，见 tuban user list (no such person: name one of the workspace)`,
    );
  }
  if (others.length > 0) {
    const logins = found.map(({ login }) => login).join('、');
    throw new Fault('rules.by-many', `有几位“${by}”，请用登录名：${logins} (several of that name: give the login)`);
  }
  return one.id;
}

/** Faults: rules.missing; workspace.settings. */
function readRuleSet(path: string): JudgementRecipe {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault('rules.missing', `无法读取规则文件 ${path} (the rule set cannot be read)`, { cause });
  }
  return parseRuleSet(text, path);
}

function unknownSet(hash: string): Fault {
  return new Fault('rules.unknown', `没有规则集 ${hash}；tuban rules versions 列出用过的规则集 (no such rule set)`);
}

function registerReplay(rules: Command, context: CommandContext): void {
  rules
    .command('replay')
    .description(
      '由记录重算一个季度每个任务的得分，核对是否一致 (compute the scores of a quarter again from the record)',
    )
    .option(...QUARTER_OPTION)
    .option('--json', '输出 JSON (print JSON)')
    .action(async (options: { quarter?: string; json?: boolean }) => {
      const { database } = await context.workspace();
      const { session } = context;
      const record = quarterRecord(database);
      const quarter = await chosenQuarter(options.quarter, record);
      const replay = await replayTasks(record, createRuleSets(database), quarter);
      if (options.json) session.out(`${JSON.stringify(replay)}\n`);
      else {
        session.out(`${quarter}：${replay.tasks} 个任务，${replay.same} 个得分与记录一致 (scores that agree)\n`);
        for (const { id, why } of replay.differ) session.out(`  ${id}  ${why}\n`);
      }
      if (replay.differ.length > 0) session.status = 1;
    });
}
