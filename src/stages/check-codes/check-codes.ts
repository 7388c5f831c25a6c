/**
 * check-codes: rows of a table of codes become the workspace's next code table, or a list of what is wrong, row by row, all at once. What findings
 * named may be retired, not left out; what the program itself sets (flags) may be renamed, not retired or left out.
 * In:  the codes, the table that stands, the codes in use. Out: errors; empty = it may stand.
 */
import { CODE_EFFECTS, CODE_KIND_WORDS, CODE_KINDS, type Code, type CodeTable } from '../../model/codes.js';
import { EVIDENCE_FLAGS } from '../../model/evidence.js';

export interface CodeError {
  /** Place in the list, from 0; null = it is about what is missing. */
  readonly row: number | null;
  readonly field: 'kind' | 'code' | 'zh' | 'effect' | 'retired' | null;
  /** Chinese. */
  readonly message: string;
}

export interface CodeUse {
  readonly kind: string;
  readonly code: string;
}

/** Kinds in which one code at least must be open to choose, or no form can be filled in. */
const NEEDED = ['verdict', 'handling', 'role'] as const;

export function codeErrors(codes: readonly Code[], standing: CodeTable, used: readonly CodeUse[]): CodeError[] {
  return [...rowErrors(codes), ...missingErrors(codes, standing, used)];
}

function* rowErrors(codes: readonly Code[]): Generator<CodeError> {
  for (const [row, { kind, code, zh, effect, retired }] of codes.entries()) {
    if (!CODE_KINDS.includes(kind)) {
      yield { row, field: 'kind', message: `类别“${kind}”不认识；可用：${CODE_KINDS.join('、')} (unknown kind)` };
      continue;
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code) || code.length > 60) {
      yield {
        row,
        field: 'code',
        message: `代码“${code}”应由小写字母、数字和连字符组成，最多 60 位 (lower case letters, digits, hyphens)`,
      };
    }
    if (zh.trim() === '' || zh.length > 60)
      yield { row, field: 'zh', message: '中文名称应为 1 至 60 个字 (1 to 60 characters)' };
    const effects: readonly string[] = CODE_EFFECTS[kind];
    if (effect !== null && !effects.includes(effect)) {
      yield {
        row,
        field: 'effect',
        message: `作用“${effect}”不认识；可用：${effects.join('、') || '（留空）'} (unknown effect)`,
      };
    }
    if (effect === null && (kind === 'verdict' || kind === 'handling')) {
      yield { row, field: 'effect', message: `此类别须填作用：${effects.join('、')} (an effect is needed)` };
    }
    const same = codes.findIndex((one) => one.kind === kind && (one.code === code || one.zh === zh));
    if (same < row)
      yield { row, field: 'code', message: `与第 ${same + 1} 行同代码或同名 (the same code or name as in that row)` };
    if (kind === 'flag' && (retired || !EVIDENCE_FLAGS.some((flag) => flag === code))) {
      yield {
        row,
        field: 'retired',
        message: '证据提示由程序给出，只能改名称 (flags are set by the program: only their names can change)',
      };
    }
  }
}

function* missingErrors(codes: readonly Code[], standing: CodeTable, used: readonly CodeUse[]): Generator<CodeError> {
  const has = ({ kind, code }: CodeUse) => codes.some((one) => one.kind === kind && one.code === code);
  for (const kind of NEEDED) {
    if (!codes.some((one) => one.kind === kind && !one.retired)) {
      yield { row: null, field: null, message: `${CODE_KIND_WORDS[kind].zh}没有可选的代码 (none left to choose)` };
    }
  }
  for (const flag of EVIDENCE_FLAGS) {
    if (!has({ kind: 'flag', code: flag }))
      yield { row: null, field: null, message: `缺少证据提示 ${flag} (a flag is missing)` };
  }
  for (const use of used) {
    const before = standing.codes.find((one) => one.kind === use.kind && one.code === use.code);
    if (before && !has(use)) {
      yield {
        row: null,
        field: null,
        message: `代码 ${use.kind}/${use.code}（${before.zh}）已被使用，可以停用，不能删除 (in use: retire it)`,
      };
    }
  }
  for (const [row, code] of codes.entries()) {
    const before = standing.codes.find((one) => one.kind === code.kind && one.code === code.code);
    if (
      before &&
      before.effect !== code.effect &&
      used.some((use) => use.kind === code.kind && use.code === code.code)
    ) {
      yield {
        row,
        field: 'effect',
        message: `已被使用的代码不能改变作用（原为 ${before.effect ?? '空'}）(the effect of a code in use stays)`,
      };
    }
  }
}
