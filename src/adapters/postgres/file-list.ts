/** Pages of the queue over a turn: filters, a place to go on from, names of people and areas, counts. Row-level security narrows all of it. */
import { areasWhere, hasRole, type Member, REVIEW_LEVELS, type Role } from '../../model/person.js';
import { isOverdue, standingFile, type TaskFile } from '../../model/task-file.js';
import { ENDED_STATES, FILE_STATES, type FileState } from '../../model/task-flow.js';
import { chinaDay } from '../../model/working-days.js';
import type { SqlValue } from '../../ports/database.js';
import type { Turn } from '../../ports/desk.js';
import type { FileCounts, FileCursor, FileFilter, FilePage, FileQuery, ListedFile } from '../../ports/task-queue.js';
import { FILE_COLUMNS } from './task-files.js';

/** A file and the names, nothing withheld: for the program's own checks. */
export type NamedFile = TaskFile & Pick<ListedFile, 'overdue'> & Names;
type Names = Pick<ListedFile, 'assigneeName' | 'teamName' | 'holderName' | 'submitterName' | 'areaNames'>;
type NamedRow = TaskFile & Names;

const NAMES = `(SELECT p.name FROM tuban.person p WHERE p.id = f.assignee) AS "assigneeName",
  (SELECT t.name FROM tuban.team t WHERE t.id = f.team_id) AS "teamName",
  (SELECT p.name FROM tuban.person p WHERE p.id = f.holder) AS "holderName",
  (SELECT p.name FROM tuban.person p WHERE p.id = f.submitter) AS "submitterName",
  ARRAY(SELECT coalesce(a.name, u.id) FROM unnest(f.areas) WITH ORDINALITY AS u (id, n) LEFT JOIN tuban.area a ON a.id = u.id ORDER BY u.n)
    AS "areaNames"`;
const ENDED = ENDED_STATES.map((state) => `'${state}'`).join(', ');

const PLANNERS: readonly Role[] = ['analyst', 'supervisor', 'administrator'];

/** What goes out to a person. */
export function shownTo(member: Member, file: NamedFile): ListedFile {
  if (!file.sealed || PLANNERS.some((role) => hasRole(member, role, file.areas))) return file;
  const nothing = {
    score: null,
    areaM2: null,
    areas: [],
    areaNames: [],
    violations: [],
    mergedInto: null,
    splitFrom: null,
  };
  return { ...file, ...nothing };
}

/** Conditions with their values; `$1` is the first of them. */
interface Narrowing {
  readonly conditions: string[];
  readonly values: SqlValue[];
}

export async function filePage(turn: Turn, query: FileQuery): Promise<FilePage> {
  const narrowing = narrowed(turn, query);
  return pageOf(turn, narrowing, query);
}

/** Waits at a level, in areas, whose review the person gives; not what he has a part in himself. */
export async function reviewPage(
  turn: Turn,
  query: { readonly after: FileCursor | null; readonly limit: number },
): Promise<FilePage> {
  const { conditions, values } = reviewable(turn.member);
  return pageOf(turn, { conditions, values }, { ...query, order: 'deadline' });
}

export async function listedFiles(turn: Turn, ids: readonly string[]): Promise<NamedFile[]> {
  const rows = await turn.sql.query<NamedRow>(
    `SELECT ${FILE_COLUMNS}, ${NAMES} FROM tuban.task_file f WHERE f.task_id IN (SELECT jsonb_array_elements_text($1::jsonb))
     ORDER BY f.rank, f.task_id COLLATE "C"`,
    [JSON.stringify(ids)],
  );
  return rows.map((row) => listed(row, turn.at));
}

export async function heldFiles(turn: Turn): Promise<ListedFile[]> {
  const rows = await turn.sql.query<NamedRow>(
    `SELECT ${FILE_COLUMNS}, ${NAMES} FROM tuban.task_file f WHERE f.holder = $1 AND f.lease_until > $2::timestamptz
     ORDER BY f.lease_until, f.task_id`,
    [turn.member.id, turn.at],
  );
  return rows.map((row) => shownTo(turn.member, listed(row, turn.at)));
}

export async function fileCounts(turn: Turn, filter: FileFilter): Promise<FileCounts> {
  const { conditions, values } = narrowed(turn, filter);
  values.push(turn.member.id, chinaDay(turn.at));
  const [me, today] = [`$${values.length - 1}`, `$${values.length}`];
  const rows = await turn.sql.query<{ state: FileState; n: number; overdue: number; mine: number }>(
    `SELECT f.state, count(*)::int AS n,
       (count(*) FILTER (WHERE f.deadline < ${today}::date AND f.state NOT IN (${ENDED})))::int AS overdue,
       (count(*) FILTER (WHERE f.holder = ${me} OR f.assignee = ${me}))::int AS mine
     FROM tuban.task_file f WHERE ${all(conditions)} GROUP BY f.state`,
    values,
  );
  const review = reviewable(turn.member);
  const [waiting] = await turn.sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM tuban.task_file f WHERE ${all(review.conditions)}`,
    review.values,
  );
  const byState = Object.fromEntries(FILE_STATES.map((state) => [state, 0])) as Record<FileState, number>;
  for (const { state, n } of rows) byState[state] = n;
  const sum = (part: 'overdue' | 'mine') => rows.reduce((total, row) => total + row[part], 0);
  return { byState, overdue: sum('overdue'), mine: sum('mine'), toReview: waiting?.n ?? 0 };
}

async function pageOf(
  { sql, at, member }: Turn,
  { conditions, values }: Narrowing,
  { order, after, limit }: Pick<FileQuery, 'order' | 'after' | 'limit'>,
): Promise<FilePage> {
  const column = order === 'rank' ? 'f.rank' : 'f.deadline';
  if (order === 'deadline') conditions.push('f.deadline IS NOT NULL');
  if (after !== null) {
    values.push(after.key, after.taskId);
    const type = order === 'rank' ? 'integer' : 'date';
    conditions.push(`(${column}, f.task_id) > ($${values.length - 1}::${type}, $${values.length})`);
  }
  values.push(limit + 1);
  const rows = await sql.query<NamedRow>(
    `SELECT f.*, ${NAMES.replaceAll('f.team_id', 'f."teamId"')} FROM (
       SELECT ${FILE_COLUMNS} FROM tuban.task_file f WHERE ${all(conditions)}
       ORDER BY ${column}, f.task_id LIMIT $${values.length}) f
     ORDER BY ${order === 'rank' ? 'f.rank' : 'f.deadline'}, f."taskId"`,
    values,
  );
  const files = rows.slice(0, limit).map((row) => shownTo(member, listed(row, at)));
  const last = files.at(-1);
  const key = order === 'rank' ? last?.rank : last?.deadline;
  const more = rows.length > limit && last !== undefined && key !== undefined && key !== null;
  return { files, next: more ? { key, taskId: last.taskId } : null };
}

function narrowed({ member, at }: Turn, filter: FileFilter): Narrowing {
  const values: SqlValue[] = [];
  const conditions: string[] = [];
  const where = (condition: (parameter: string) => string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((p) => `f.quarter = ${p}`, filter.quarter);
  where(
    (p) => `f.state = ANY (ARRAY(SELECT jsonb_array_elements_text(${p}::jsonb)))`,
    filter.states && JSON.stringify(filter.states),
  );
  where((p) => `(f.assignee = ${p} OR f.holder = ${p} OR f.submitter = ${p})`, filter.mine ? member.id : undefined);
  where((p) => `f.team_id = ${p}`, filter.teamId);
  where((p) => `f.assignee = ${p}`, filter.assignee);
  where((p) => `f.holder = ${p}`, filter.holder);
  where((p) => `f.areas @> ARRAY[${p}::text]`, filter.areaId);
  where((p) => `f.violations @> ARRAY[${p}::text]`, filter.violation);
  where((p) => `f.score >= ${p}::float8`, filter.minScore);
  where((p) => `f.key = ${p}::boolean`, filter.key);
  where((p) => `f.listed = ${p}`, filter.listed);
  where((p) => `f.deadline < ${p}::date AND f.state NOT IN (${ENDED})`, filter.overdue ? chinaDay(at) : undefined);
  const { areaId, violation, minScore } = filter;
  // Asked for by what is withheld of them, sealed files would tell it.
  if ((areaId ?? violation ?? minScore) !== undefined) conditions.push('(NOT f.sealed OR tuban.plans_in(f.areas))');
  if (filter.extensionAsked) conditions.push('f.extension_asked IS NOT NULL');
  where((p) => `position(lower(${p}) IN lower(f.task_id)) > 0`, filter.text === '' ? undefined : filter.text);
  return { conditions, values };
}

function reviewable(member: Member): Narrowing {
  const values: SqlValue[] = [member.id];
  const levels = REVIEW_LEVELS.flatMap((level) => {
    const areas = areasWhere(member, 'reviewer', level);
    if (areas === null) return [`f.review_level = '${level}'`];
    if (areas.length === 0) return [];
    values.push(JSON.stringify(areas));
    return [
      `(f.review_level = '${level}' AND f.areas && ARRAY(SELECT jsonb_array_elements_text($${values.length}::jsonb)))`,
    ];
  });
  const conditions = [
    `f.state = 'submitted'`,
    'NOT f.authors @> ARRAY[$1::text]',
    'NOT f.reviewers @> ARRAY[$1::text]',
    levels.length === 0 ? 'false' : `(${levels.join(' OR ')})`,
  ];
  return { conditions, values };
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function listed(row: NamedRow, at: string): NamedFile {
  const file = standingFile(row, at);
  const held = file.holder !== null;
  return {
    ...row,
    ...file,
    holderName: held ? row.holderName : null,
    overdue: isOverdue(file, chinaDay(at)),
  };
}
