/** Codes as rows of a sheet and back. Heads may be Chinese, English, or both in one cell, in any order. */
import { CODE_KIND_WORDS, CODE_KINDS, type Code, type CodeKind } from '../../model/codes.js';
import { Fault } from '../../model/fault.js';

export const CODE_HEADS = [
  { name: 'kind', zh: '类别', width: 12 },
  { name: 'code', zh: '代码', width: 22 },
  { name: 'zh', zh: '中文名称', width: 28 },
  { name: 'en', zh: '英文名称', width: 32 },
  { name: 'effect', zh: '作用', width: 12 },
  { name: 'retired', zh: '停用', width: 8 },
] as const;
type Head = (typeof CODE_HEADS)[number]['name'];

const NEEDED: readonly Head[] = ['kind', 'code', 'zh'];
const YES = ['是', 'y', 'yes', 'true', '1', '停用'];
const NO = ['', '否', 'n', 'no', 'false', '0'];

export function codeRow({ kind, code, zh, en, effect, retired }: Code): string[] {
  return [kind, code, zh, en, effect ?? '', retired ? '是' : ''];
}

/** Kinds that nobody knows stay as typed: check-codes names them. Faults: codes.heads, codes.retired. */
export function codesOfRows([heads = [], ...rows]: readonly (readonly string[])[]): Code[] {
  const place = new Map<Head, number>();
  for (const { name, zh } of CODE_HEADS) {
    const at = heads.findIndex((head) =>
      head
        .trim()
        .toLowerCase()
        .split(/\s+/)
        .some((word) => word === name || word === zh),
    );
    if (at >= 0) place.set(name, at);
  }
  const missing = CODE_HEADS.filter(({ name }) => NEEDED.includes(name) && !place.has(name));
  if (missing.length > 0) {
    throw new Fault(
      'codes.heads',
      `表头缺少：${missing.map(({ zh, name }) => `${zh} ${name}`).join('、')} (heads that are missing)`,
    );
  }
  return rows.map((row, i) => {
    const cell = (name: Head) => (row[place.get(name) ?? -1] ?? '').trim();
    const retired = cell('retired').toLowerCase();
    if (!YES.includes(retired) && !NO.includes(retired)) {
      throw new Fault('codes.retired', `第 ${i + 2} 行“停用”应为 是 或留空，得到“${cell('retired')}” (yes or nothing)`);
    }
    return {
      kind: kindOf(cell('kind')),
      code: cell('code'),
      zh: cell('zh'),
      en: cell('en'),
      effect: cell('effect') === '' ? null : cell('effect'),
      retired: YES.includes(retired),
    };
  });
}

function kindOf(text: string): CodeKind {
  return CODE_KINDS.find((kind) => CODE_KIND_WORDS[kind].zh === text) ?? (text as CodeKind);
}
