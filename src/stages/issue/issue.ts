/**
 * issue: rows of a file become issued patches, held against those that are known.
 * Key: source, quarter, county and number; the same number in another county is another patch. A known key with the same content is
 * nothing new; with other content it is a correction, and the newest import counts. Within one file an exact repetition is kept once;
 * a number that repeats with other content is kept as `number#2`, because which of the two is meant is not for us to guess. A number
 * that came as a number is matched with a known one that differs by leading zeros only.
 * In:  a reading, its origin, the current patches of that origin. Out: the patch of every row, and whether it is new.
 */
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { contentHash } from '../../model/id.js';
import type { IssuedOrigin, IssuedPatch, IssuedReading, IssuedRow } from '../../model/issued.js';
import { type AreaUnit, type IssuedFieldMap, mapIssuedFields } from '../../model/issued-fields.js';
import { factsOf } from './facts.js';

export interface IssueInput {
  readonly reading: IssuedReading;
  readonly origin: IssuedOrigin;
  readonly batchId: string;
  readonly areaUnit: AreaUnit | null;
  /** Current versions of the same origin. */
  readonly known: readonly Pick<IssuedPatch, 'keyId' | 'contentId' | 'facts'>[];
}

export interface IssuedOutcome {
  readonly row: number;
  readonly patch: IssuedPatch;
  readonly outcome: 'added' | 'corrected' | 'known' | 'repeated';
  /** Chinese; about this row in this file. */
  readonly notes: readonly string[];
}

export function issue(input: IssueInput): IssuedOutcome[] {
  const fields = mapIssuedFields(input.reading.fields.map(({ name }) => name));
  const known = new Map(input.known.map(({ keyId, contentId }) => [keyId, contentId]));
  const inFile = new Map<string, IssuedPatch[]>();
  return input.reading.rows.map((row): IssuedOutcome => {
    const first = patchOf(row, fields, input);
    const same = inFile.get(first.keyId) ?? [];
    const repeated = same.find((other) => sameContent(other, first));
    if (repeated) {
      const what = `与第 ${repeated.row} 行完全相同，只保留一份`;
      return { row: row.row, patch: repeated, outcome: 'repeated', notes: [what] };
    }
    inFile.set(first.keyId, [...same, first]);
    const number = `${first.facts.number}#${same.length + 1}`;
    const patch = same.length === 0 ? first : keyed({ ...first, facts: { ...first.facts, number } }, input);
    const notes =
      same.length === 0 ? [] : [`同一文件内编号 ${first.facts.number} 重复而内容不同，本行按“${number}”处理`];
    const before = known.get(patch.keyId);
    const outcome = before === undefined ? 'added' : before === patch.contentId ? 'known' : 'corrected';
    return { row: row.row, patch, outcome, notes: [...patch.facts.notes, ...notes] };
  });
}

/** A mended or normalised row is the same whatever row it stood in. */
function sameContent(a: IssuedPatch, b: IssuedPatch): boolean {
  return contentOf(a) === contentOf(b);
}

function contentOf({
  attributes,
  geometry,
  refused,
}: Pick<IssuedPatch, 'attributes' | 'geometry' | 'refused'>): string {
  return contentHash({ attributes, geometry, refused });
}

function keyed(patch: Omit<IssuedPatch, 'keyId' | 'contentId'>, { origin }: IssueInput): IssuedPatch {
  const { number, countyCode } = patch.facts;
  const keyId = `I${contentHash({ ...origin, county: countyCode, number }, 12)}`;
  return { ...patch, keyId, contentId: contentHash({ keyId, content: contentOf(patch) }) };
}

function patchOf(row: IssuedRow, fields: IssuedFieldMap, input: IssueInput): IssuedPatch {
  const { geometry, attributes, refused } = row;
  const areaM2 = geometry === null ? null : polygonAreaM2(geometry);
  const surrogate = `无编号-${contentHash({ attributes, geometry }, 8)}`;
  const facts = factsOf({ row, fields, areaUnit: input.areaUnit, measuredM2: areaM2, surrogate });
  const name = fields.number;
  const padded =
    name !== undefined && typeof attributes[name] === 'number'
      ? paddedNumber(facts.number, facts.countyCode, input)
      : null;
  const noted =
    padded === null ? facts : { ...facts, number: padded, notes: [...facts.notes, `按已有图斑 ${padded} 处理`] };
  return keyed(
    { ...input.origin, batchId: input.batchId, row: row.row, facts: noted, geometry, areaM2, refused, attributes },
    input,
  );
}

/** The one known number of the county that is this one with zeros before it. */
function paddedNumber(number: string, county: string | null, { known }: IssueInput): string | null {
  const plain = (text: string): string => text.replace(/^0+/, '');
  const numbers = known.filter(({ facts }) => facts.countyCode === county).map(({ facts }) => facts.number);
  if (numbers.includes(number)) return null;
  const alike = numbers.filter((one) => plain(one) === plain(number));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}
