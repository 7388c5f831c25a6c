/**
 * queue-read-back: a filled form sheet → submissions, each task by itself: what is refused says in which cell, and holds up nothing else. A
 * finding's id is made of its task, revision and content, so that the same sheet read twice submits nothing twice.
 */
import { readXlsx } from './adapters/xlsx/read-xlsx.js';
import { sheetFits } from './adapters/xlsx/sheet-extent.js';
import { repacked } from './adapters/zip/read-zip.js';
import { Fault } from './model/fault.js';
import { type CellError, FORM_SHEET } from './model/form-sheet.js';
import { contentHash } from './model/id.js';
import type { Actor } from './model/person.js';
import type { FlowAction } from './model/task-flow.js';
import type { Findings } from './ports/findings.js';
import type { ReadBackAnswer, ReadBackRow, TaskLists } from './ports/task-lists.js';
import type { TaskQueue } from './ports/task-queue.js';
import { type FilledForm, readBack } from './stages/read-back/read-back.js';

/** Steps that say who does it and until when, nothing of the place: what was filled in before them still holds. */
const HARMLESS: readonly FlowAction[] = [
  'assign',
  'claim',
  'extend-lease',
  'release',
  'lapse',
  'depart',
  'ask-extension',
  'grant-extension',
  'hand-over',
  'enter-round',
  'leave-round',
  'unseal',
];

/** Unpacked; a form for thousands of tasks is far below. */
const MOST_BYTES = 64 * 1024 * 1024;

type Outcome = Pick<ReadBackRow, 'result' | 'errors' | 'draftId'>;

export function createReadBack(files: TaskQueue, findings: Findings): TaskLists['readBack'] {
  return async (actor, file, { dryRun }): Promise<ReadBackAnswer> => {
    const small = repacked(file, (name) => /\.(xml|rels)$/.test(name), MOST_BYTES, sheetFits);
    const { forms, empty } = readBack(await readXlsx(small ?? new Uint8Array(), FORM_SHEET));
    const rows: ReadBackRow[] = [];
    for (const form of forms) {
      const outcome = await takeIn(form, { actor, dryRun, files, findings });
      rows.push(...rowsOf(form, outcome));
    }
    return { rows: rows.sort((a, b) => a.row - b.row), empty };
  };
}

interface Ground {
  readonly actor: Actor;
  readonly dryRun: boolean;
  readonly files: TaskQueue;
  readonly findings: Findings;
}

async function takeIn(form: FilledForm, ground: Ground): Promise<Outcome> {
  try {
    return await submitted(form, ground);
  } catch (error) {
    if (!(error instanceof Fault) || error.blame === 'system') throw error;
    const { draftId: kept } = error.details as { readonly draftId?: unknown };
    const draftId = typeof kept === 'string' ? kept : null;
    const place = error.code === 'flow.stale' ? form.revisionCell : form.taskCell;
    const said: CellError = { ...place, code: error.code, message: error.message };
    return { result: 'refused', errors: [...form.errors, said], draftId };
  }
}

async function submitted(filled: FilledForm, { actor, dryRun, files, findings }: Ground): Promise<Outcome> {
  const { taskId, revision, form } = filled;
  if (!filled.tied) return refused(filled.errors);
  const findingId = `F${contentHash([taskId, revision, form], 24)}`;
  if ((await findings.of(actor, taskId)).some(({ id }) => id === findingId)) {
    return { result: 'known', errors: [], draftId: null };
  }
  const { errors } = await findings.check(actor, taskId, form);
  const wrong = errors.map(({ path, code, message }) => ({ ...filled.cellOf(path), code, message }));
  // A cell that could not be read is not told to be missing, too; nor those of a row that was left empty.
  const told = (one: CellError) =>
    filled.errors.some(({ cell, row, code }) => cell === one.cell || (code === 'form.part-empty' && row === one.row));
  const all = [...filled.errors, ...wrong.filter((one) => !told(one))];
  if (all.length > 0) return refused(all);
  const standing = await revisionFor(filled, actor, files);
  if (dryRun) {
    await mayBeSubmitted(filled, standing, actor, files);
    return { result: 'valid', errors: [], draftId: null };
  }
  await files.act(actor, taskId, { action: 'submit', revision: standing, details: { findingId, finding: form } });
  return { result: 'submitted', errors: [], draftId: null };
}

/** The present one where nothing has happened since that the form would have to know; else its own, which the flow refuses. */
async function revisionFor({ taskId, revision }: FilledForm, actor: Actor, files: TaskQueue): Promise<number> {
  const { file } = await files.file(actor, taskId);
  const since = (await files.steps(actor, taskId)).filter((step) => step.revision > revision);
  const known = since.filter((step) => step.revision <= file.revision);
  return known.every(({ action }) => HARMLESS.includes(action)) ? file.revision : revision;
}

/** What the flow would refuse, told beforehand. */
async function mayBeSubmitted({ taskId }: FilledForm, revision: number, actor: Actor, files: TaskQueue): Promise<void> {
  const { file, may, change } = await files.file(actor, taskId);
  if (revision !== file.revision) {
    throw new Fault(
      'flow.stale',
      `任务 ${taskId} 在导出表格之后已有变化，请重新导出 (it has gone on since the export)`,
    );
  }
  if (!may.includes('submit')) {
    throw new Fault('flow.holder', `任务 ${taskId} 不由您持有，请先领取 (you do not hold this task: claim it first)`);
  }
  if (change !== null && !change.acknowledged) {
    throw new Fault(
      'flow.changed',
      `任务 ${taskId} 打开之后有变化，请在任务页面查看后提交 (what it rests on has changed: submit on its page):\n${change.sentences.join('\n')}`,
    );
  }
}

function refused(errors: readonly CellError[]): Outcome {
  return { result: 'refused', errors, draftId: null };
}

/** A task is taken in whole: a row without errors of its own says whose they are. */
function rowsOf({ rows, taskId, taskCell }: FilledForm, { result, errors, draftId }: Outcome): ReadBackRow[] {
  return rows.map((row) => {
    const own = errors.filter((error) => error.row === row);
    const other = {
      row,
      cell: taskCell.cell.replace(/\d+$/, String(row)),
      code: 'form.other-row',
      message: `同一任务的第 ${errors[0]?.row} 行有错，整个任务未提交 (another row of this task was refused)`,
    };
    return { row, taskId, result, draftId, errors: result === 'refused' && own.length === 0 ? [other] : own };
  });
}
