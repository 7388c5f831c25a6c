/**
 * Codes: the words that findings and verdicts are filled in with, as a workspace's own versioned table. What the program's rules ask of a
 * code is its `effect`, so that a workspace's own codes are under the same rules.
 */
import type { DecisionKind } from './decision.js';
import type { Words } from './words.js';

export const CODE_KINDS = [
  'verdict',
  'handling',
  'violation',
  'mineral',
  'method',
  'equipment',
  'measure',
  'offender',
  'role',
  'flag',
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

export const CODE_KIND_WORDS: Readonly<Record<CodeKind, Words>> = {
  verdict: { zh: '认定意见', en: 'verdict' },
  handling: { zh: '违法处理方式', en: 'handling of a violation' },
  violation: { zh: '违法类型', en: 'kind of violation' },
  mineral: { zh: '矿种', en: 'mineral' },
  method: { zh: '开采方式', en: 'method' },
  equipment: { zh: '设备', en: 'equipment' },
  measure: { zh: '现场措施', en: 'measure on the spot' },
  offender: { zh: '违法主体类别', en: 'kind of offender' },
  role: { zh: '附件用途', en: 'what a file shows' },
  flag: { zh: '证据提示', en: 'flag of a file' },
};

/**
 * What the rules ask of a code. verdict: `illegal`, `legal`, `pseudo` (nothing was dug in the period), `other`. handling: `case` (立案) or
 * `explained` (needs a reason and an attachment). measure: `closed` (the pit was shut down). role: `image` (of the ground after the change, from above), `licence`,
 * `project`, `handling`.
 */
export const CODE_EFFECTS = {
  verdict: ['illegal', 'legal', 'pseudo', 'other'],
  handling: ['case', 'explained'],
  violation: [],
  mineral: [],
  method: [],
  equipment: [],
  measure: ['closed'],
  offender: [],
  role: ['image', 'licence', 'project', 'handling'],
  flag: [],
} as const satisfies Readonly<Record<CodeKind, readonly string[]>>;
export type VerdictEffect = (typeof CODE_EFFECTS.verdict)[number];
export type CodeEffect = (typeof CODE_EFFECTS)[CodeKind][number];

export const CODE_EFFECT_WORDS: Readonly<Record<CodeEffect, Words>> = {
  illegal: { zh: '按违法处理', en: 'counts as illegal' },
  legal: { zh: '按合法处理', en: 'counts as legal' },
  pseudo: { zh: '按伪变化处理', en: 'counts as no change' },
  other: { zh: '其他', en: 'other' },
  case: { zh: '立案', en: 'opens a case' },
  explained: { zh: '须理由和证明材料', en: 'needs a reason and an attachment' },
  closed: { zh: '已关停', en: 'shut down' },
  image: { zh: '变化之后的影像', en: 'from above, after the change' },
  licence: { zh: '许可证', en: 'licence' },
  project: { zh: '项目批准文件', en: 'project approval' },
  handling: { zh: '处理材料', en: 'papers of the handling' },
};

export interface Code {
  readonly kind: CodeKind;
  /** Lower case letters, digits, hyphens; never changes its meaning. */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly effect: string | null;
  /** No longer to be chosen; what was filled in with it keeps it. */
  readonly retired: boolean;
}

export interface CodeTable {
  readonly version: number;
  readonly codes: readonly Code[];
}

/** What a verdict of an effect says of the place (docs/sites.md). */
export const DECISION_OF_EFFECT: Readonly<Record<VerdictEffect, DecisionKind | null>> = {
  illegal: 'confirmed',
  legal: 'dismissed',
  pseudo: 'dismissed',
  other: null,
};

/** By its code, else by its Chinese name; null = there is none. */
export function findCode(table: CodeTable, kind: CodeKind, text: string): Code | null {
  const own = table.codes.filter((one) => one.kind === kind);
  return own.find(({ code }) => code === text) ?? own.find(({ zh }) => zh === text.trim()) ?? null;
}
