/**
 * check-finding: a filled form becomes a FindingForm, or a list of everything that is wrong with it, field by field, all at once.
 * Beyond the schema: codes that the table has and that are not retired; times in their order and not in the future; places in China; two
 * different officers; outlines that are rings near the patch; files that hang on the task. What is doubtful but possible is not an error: the
 * remarks of decide-verdict say it to the reviewer.
 * In:  the form as it came, the code table, the task's files and outline, the time. Out: the form, or errors in the order of the fields.
 */
import { inChina } from '../../geo/china.js';
import { boxOf } from '../../geo/distance.js';
import { metresPerDegree } from '../../geo/ellipsoid-area.js';
import { type CodeKind, type CodeTable, findCode } from '../../model/codes.js';
import type { EvidenceFile } from '../../model/evidence.js';
import { type FieldError, type FindingForm, type FindingPart, findingFormSchema } from '../../model/finding-form.js';
import type { MultiPolygonRings, Position } from '../../model/grid.js';
import { fieldErrors } from './field-errors.js';

export interface FormContext {
  readonly codes: CodeTable;
  readonly files: readonly Pick<EvidenceFile, 'sha256'>[];
  readonly outline: MultiPolygonRings;
  /** UTC. */
  readonly at: string;
}

export type FormResult =
  | { readonly form: FindingForm; readonly errors: readonly [] }
  | { readonly form: null; readonly errors: readonly FieldError[] };

/** Minutes by which a phone's clock may go before ours. */
const CLOCK_MS = 10 * 60_000;
/** How far from the patch a surveyed outline may begin: farther is a slip of a digit. */
const FAR_OUTLINE_M = 5000;

export function checkFinding(input: unknown, context: FormContext): FormResult {
  const parsed = findingFormSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) return { form: null, errors: fieldErrors(parsed.error.issues) };
  const form = withCodes(parsed.data, context.codes);
  const errors = [...beyondSchema(form, context)];
  return errors.length === 0 ? { form, errors: [] } : { form: null, errors };
}

/** Chinese names become their codes; what the table does not have stays, and is refused below. */
function withCodes(form: FindingForm, table: CodeTable): FindingForm {
  const code = (kind: CodeKind, text: string) => findCode(table, kind, text)?.code ?? text;
  const maybe = (kind: CodeKind, text: string | null) => (text === null ? null : code(kind, text));
  const files = (list: FindingForm['files']) => list.map((file) => ({ ...file, role: code('role', file.role) }));
  return {
    ...form,
    measures: form.measures.map((measure) => code('measure', measure)),
    offender: form.offender && { ...form.offender, kind: code('offender', form.offender.kind) },
    files: files(form.files),
    parts: form.parts.map((part) => ({
      ...part,
      mineral: maybe('mineral', part.mineral),
      method: maybe('method', part.method),
      violation: maybe('violation', part.violation),
      verdict: code('verdict', part.verdict),
      handling: maybe('handling', part.handling),
      equipment: part.equipment.map((one) => ({ ...one, code: code('equipment', one.code) })),
      files: files(part.files),
    })),
  };
}

function* beyondSchema(form: FindingForm, context: FormContext): Generator<FieldError> {
  const { codes } = context;
  if (form.codesVersion > codes.version) {
    yield error(
      'codesVersion',
      'form.codes-version',
      `代码表只到第 ${codes.version} 版 (no such version of the code table)`,
    );
  }
  yield* times(form, context.at);
  yield* officers(form);
  yield* place(form);
  if (form.offender) yield* known('offender.kind', 'offender', form.offender.kind, codes);
  for (const [i, measure] of form.measures.entries()) yield* known(`measures.${i}`, 'measure', measure, codes);
  yield* repeated(form.measures, (i) => `measures.${i}`);
  for (const [i, part] of form.parts.entries()) yield* partErrors(part, `parts.${i}`, context);
  yield* repeated(
    form.parts.map(({ part }) => part),
    (i) => `parts.${i}.part`,
  );
  yield* fileErrors(form.files, 'files', context);
}

function* times(form: FindingForm, at: string): Generator<FieldError> {
  const latest = Date.parse(at) + CLOCK_MS;
  const [arrived, left] = [Date.parse(form.arrivedAt), Date.parse(form.leftAt)];
  if (arrived > latest) yield error('arrivedAt', 'form.future', '时间在未来 (in the future)');
  if (left > latest) yield error('leftAt', 'form.future', '时间在未来 (in the future)');
  if (left < arrived) yield error('leftAt', 'form.order', '离开早于到达 (left before arriving)');
  const today = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
  if (form.stopNotice && form.stopNotice.on > today)
    yield error('stopNotice.on', 'form.future', '日期在未来 (in the future)');
}

function* officers(form: FindingForm): Generator<FieldError> {
  const keys = form.officers.map(({ name, number }) => (number ?? '') || name);
  yield* repeated(keys, (i) => `officers.${i}`);
}

function* place({ position, noPositionReason }: FindingForm): Generator<FieldError> {
  if (position === null) {
    if ((noPositionReason ?? '') === '') {
      yield error('noPositionReason', 'form.position', '没有核查位置时须写明原因 (say why there is no position)');
    }
    return;
  }
  if (!inChina([position.lon, position.lat])) {
    yield error(
      'position',
      'form.outside',
      '位置不在中国境内，请检查经纬度是否颠倒 (outside China: are longitude and latitude swapped?)',
    );
  }
}

function* partErrors(part: FindingPart, path: string, context: FormContext): Generator<FieldError> {
  const { codes } = context;
  yield* known(`${path}.verdict`, 'verdict', part.verdict, codes);
  for (const kind of ['mineral', 'method', 'violation', 'handling'] as const) {
    if (part[kind] !== null) yield* known(`${path}.${kind}`, kind, part[kind], codes);
  }
  for (const [i, one] of part.equipment.entries())
    yield* known(`${path}.equipment.${i}.code`, 'equipment', one.code, codes);
  yield* fileErrors(part.files, `${path}.files`, context);
  if (part.outline) yield* outlineErrors(part.outline, `${path}.outline`, context.outline);
}

function* outlineErrors(
  rings: readonly (readonly Position[])[],
  path: string,
  patch: MultiPolygonRings,
): Generator<FieldError> {
  for (const [i, ring] of rings.entries()) {
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
      yield error(`${path}.${i}`, 'form.ring', '范围未闭合：首尾点应相同 (the ring is not closed)');
    }
    if (!ring.every(inChina))
      yield error(`${path}.${i}`, 'form.outside', '有点不在中国境内 (a point lies outside China)');
  }
  const [start] = rings[0] ?? [];
  if (start && patch.length > 0 && boxDistanceM(start, patch) > FAR_OUTLINE_M) {
    yield error(
      path,
      'form.far',
      `范围距图斑超过 ${FAR_OUTLINE_M / 1000} 公里，请检查坐标 (farther than that from the patch)`,
    );
  }
}

function boxDistanceM([lon, lat]: Position, patch: MultiPolygonRings): number {
  const [minLon, minLat, maxLon, maxLat] = boxOf(patch);
  const scale = metresPerDegree(lat);
  return Math.hypot(
    Math.max(minLon - lon, 0, lon - maxLon) * scale.lon,
    Math.max(minLat - lat, 0, lat - maxLat) * scale.lat,
  );
}

function* fileErrors(
  files: FindingForm['files'],
  path: string,
  { codes, files: attached }: FormContext,
): Generator<FieldError> {
  for (const [i, file] of files.entries()) {
    yield* known(`${path}.${i}.role`, 'role', file.role, codes);
    if (!attached.some(({ sha256 }) => sha256 === file.sha256)) {
      yield error(
        `${path}.${i}.sha256`,
        'form.file',
        '任务没有这个附件，请先上传 (no such file on the task: attach it first)',
      );
    }
  }
}

function* known(path: string, kind: CodeKind, code: string, table: CodeTable): Generator<FieldError> {
  const found = findCode(table, kind, code);
  if (!found) yield error(path, 'form.code', `代码表里没有“${code}” (not in the code table)`);
  else if (found.retired) yield error(path, 'form.code-retired', `“${found.zh}”已停用 (this code was retired)`);
}

function* repeated(values: readonly string[], pathOf: (i: number) => string): Generator<FieldError> {
  for (const [i, value] of values.entries()) {
    if (values.indexOf(value) < i)
      yield error(pathOf(i), 'form.repeated', `与第 ${values.indexOf(value) + 1} 项重复 (the same again)`);
  }
}

function error(path: string, code: string, message: string): FieldError {
  return { path, code, message };
}
