/** tuban sites list | show | decide | proposals: places through the quarters, what people decided about them, what may be written off. */
import { createSiteRegister } from '../adapters/postgres/site-register.js';
import { DECISION_KINDS, DECISION_WORDS } from '../model/decision.js';
import { Fault } from '../model/fault.js';
import { parseQuarter } from '../model/quarter.js';
import { SITE_STATES } from '../model/site.js';
import { muOf, SITE_STATE_WORDS } from '../model/words.js';
import type { SiteEntry, SiteRegister } from '../ports/site-register.js';
import { type DecisionSubject, decide } from '../stages/decide/decide.js';
import { writeOffProposals } from '../stages/regrow/regrow.js';
import type { CommandContext, Register } from './command.js';
import { describeSite } from './site-text.js';
import { table } from './table.js';

const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const OPEN = 'open';
const STATES = [
  OPEN,
  ...DECISION_KINDS.filter((kind) => !['visited', 'penalty', 'reopened'].includes(kind)),
  ...SITE_STATES,
];

interface DecideOptions {
  readonly by: string;
  readonly note: string;
  readonly on?: string;
  readonly until?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

export const register: Register = (program, context) => {
  const sites = program.command('sites').description('地点：跨季度的历史、决定、销号建议 (places through time)');
  sites
    .command('list')
    .description('列出地点 (list places)')
    .option('--state <STATE>', `只列出某种状态的 (only those of a state)：${STATES.join(' ')}`)
    .option(...JSON_OPTION)
    .action((options: { state?: string; json?: boolean }) => list(options, context));
  sites
    .command('show')
    .description('一个地点的全部历史：图斑、观测、任务、决定、并入的地点 (the whole history of a place)')
    .argument('<ID>', '地点编号 (id of the place)')
    .option(...JSON_OPTION)
    .action((id: string, options: { json?: boolean }) => show(id, options.json ?? false, context));
  sites
    .command('decide')
    .description('记录人的决定，只增不改 (put a decision on record; nothing is ever changed)')
    .argument('<ID>', '地点编号或任务编号 (id of a place or of a task)')
    .argument('<KIND>', DECISION_KINDS.map((kind) => `${kind} ${DECISION_WORDS[kind].zh}`).join('、'))
    .requiredOption('--by <NAME>', '签字人 (who signs)')
    .requiredOption('--note <TEXT>', '理由 (why)')
    .option('--on <DATE>', '日期，缺省为今天 (day; default: today)')
    .option('--until <QUARTER>', '误报记忆至该季度 (dismissed: remembered up to this quarter)')
    .option('--limit <M2>', '误报后新增达到多少 m² 重新列入 (dismissed: new ground that raises it again)')
    .option(...JSON_OPTION)
    .action((id: string, kind: string, options: DecideOptions) => record(id, kind, options, context));
  sites
    .command('proposals')
    .description('植被已恢复、可考虑销号的地点 (recovered places that may be written off; a person signs)')
    .option(...JSON_OPTION)
    .action((options: { json?: boolean }) => proposals(options.json ?? false, context));
};

async function list({ state, json }: { state?: string; json?: boolean }, context: CommandContext): Promise<void> {
  if (state !== undefined && !STATES.includes(state)) {
    throw new Fault(
      'site.state',
      `不认识的状态“${state}”；可用：${STATES.join('、')} (unknown state; expected one of these)`,
    );
  }
  const { database } = await context.workspace();
  const { session } = context;
  const all = await createSiteRegister(database).sites();
  const sites = all.filter(
    (site) => state === undefined || state === (site.standing?.kind ?? OPEN) || state === site.state?.state,
  );
  if (json) {
    session.out(`${JSON.stringify({ sites })}\n`);
    return;
  }
  if (sites.length === 0) {
    session.err('没有这样的地点 (no such places)\n');
    return;
  }
  session.out(
    table(sites, [
      { head: '地点编号 (id)', cell: ({ id }) => id },
      { head: '首次', cell: ({ firstQuarter }) => firstQuarter },
      { head: '最近', cell: ({ lastQuarter }) => lastQuarter ?? '—' },
      { head: '图斑', right: true, cell: ({ patches }) => String(patches) },
      { head: '面积 (亩)', right: true, cell: ({ areaM2 }) => muOf(areaM2).toFixed(2) },
      { head: '决定', cell: standingWord },
      {
        head: '现状',
        cell: (site) => (site.state ? `${site.state.quarter} ${SITE_STATE_WORDS[site.state.state].zh}` : ''),
      },
      { head: '经度', right: true, cell: ({ lon }) => lon.toFixed(6) },
      { head: '纬度', right: true, cell: ({ lat }) => lat.toFixed(6) },
    ]),
  );
}

function standingWord({ standing }: SiteEntry): string {
  return standing ? `${DECISION_WORDS[standing.kind].zh} ${standing.on}` : '';
}

async function show(id: string, json: boolean, context: CommandContext): Promise<void> {
  const { database } = await context.workspace();
  const { session } = context;
  const history = await createSiteRegister(database).history(id);
  if (!history) throw noSite(id);
  session.out(json ? `${JSON.stringify(history)}\n` : describeSite(history));
}

async function record(id: string, kind: string, options: DecideOptions, context: CommandContext): Promise<void> {
  const { database, recipe } = await context.workspace();
  const { session } = context;
  const sites = createSiteRegister(database);
  const { by, note, on = null, until, limit } = options;
  const wish = {
    kind,
    by,
    note,
    on,
    until: until === undefined ? null : parseQuarter(until),
    limitM2: limit === undefined ? null : squareMetres(limit),
  };
  const decision = decide(wish, await subjectOf(id, sites), recipe.sites, today());
  const added = await sites.record(decision);
  if (options.json) {
    session.out(`${JSON.stringify({ added, decision })}\n`);
    return;
  }
  const memory =
    decision.limitM2 === null ? '' : `；记忆至 ${decision.expires}，新增 ${decision.limitM2} m² 即重新列入`;
  session.out(
    `${added ? '已记录' : '此前已记录'} (${added ? 'recorded' : 'known'}) ${decision.id}：地点 ${decision.siteId} ${DECISION_WORDS[decision.kind].zh}，${decision.by}，${decision.on}${memory}\n`,
  );
}

async function subjectOf(id: string, sites: SiteRegister): Promise<DecisionSubject> {
  const task = await sites.task(id);
  if (task) return { ...task, taskId: id };
  const history = await sites.history(id);
  if (!history) throw noSite(id);
  const { site } = history;
  return {
    siteId: site.id,
    taskId: null,
    quarter: site.lastQuarter ?? site.firstQuarter,
    sampledGround: site.patches === 0,
  };
}

function noSite(id: string): Fault {
  return new Fault(
    'site.none',
    `没有编号为 ${id} 的地点或任务；用 tuban sites list 或 tuban tasks list 查看 (no place or task of that id)`,
  );
}

function squareMetres(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new Fault('decision.limit', `--limit 应为平方米数，得到的是“${text}” (expected a number of square metres)`);
}

/** The day in China. */
function today(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

async function proposals(json: boolean, context: CommandContext): Promise<void> {
  const { database, recipe } = await context.workspace();
  const { session } = context;
  const sites = createSiteRegister(database);
  const found = writeOffProposals(await sites.states(), await sites.decisions(), recipe.sites.recoveredQuarters);
  if (json) {
    session.out(`${JSON.stringify({ proposals: found })}\n`);
    return;
  }
  if (found.length === 0) {
    session.err('没有建议销号的地点 (no place is proposed for write-off)\n');
    return;
  }
  session.out(
    table(found, [
      { head: '地点编号 (id)', cell: ({ siteId }) => siteId },
      { head: '理由', cell: ({ reason }) => reason },
    ]),
  );
  session.out(
    '以上只是建议；销号由人决定：tuban sites decide 地点 written-off --by 姓名 --note 理由 (proposals only)\n',
  );
}
