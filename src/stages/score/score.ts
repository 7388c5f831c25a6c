/**
 * score: the priority of a patch, 0–100, as the sum of named parts that a reader can add up: each part is cut to 0.1 first and
 * the score is their sum, so that nothing hides in the rounding. Weights are the rule set's, scaled to a total of 100.
 * In:  ScoreFacts (frozen with the task) and the rule set; nothing else, so that a score can be computed again from the record.
 * Out: the parts, each with its evidence and what would change it. They speak of a place, never of a person.
 */

import type { JudgementRecipe } from '../../model/judgement-recipe.js';
import type { ScoreFacts, ScorePart } from '../../model/patch.js';
import { CHANGE_WORDS, muOf, VIOLATION_WORDS } from '../../model/words.js';
import { daysBetween, evidenceOfZones, logShare, zoneShare } from './shares.js';

export interface Scored {
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

type PartCode = keyof JudgementRecipe['weights'];
interface Share {
  readonly part: PartCode;
  readonly name: string;
  /** 0–1 of the part's points. */
  readonly share: number;
  readonly evidence: string;
  readonly change: string;
}

/** Parts are cut, not rounded, so that their sum never passes 100; this much less than a tenth is the float's. */
const ROUNDING = 1e-6;
/** Ten mu: from here a province has to check on site (2023 notice). */
const TEN_MU = 10;
const DOUBT_WORDS: Readonly<Record<ScoreFacts['doubts'][number], string>> = {
  shifted: '可能是许可证坐标有误',
  ended: '许可或期限在两期之间到期、终止或变更，或终止日期未登记',
  undated: '影像日期未知',
  recovered: '最新影像显示已恢复',
  'not-seen': '最新影像未能看到',
};
/** How sure it is that somebody digs now. Judgement. */
const ACTIVE_SHARES: Readonly<Record<ScoreFacts['changeType'], number>> = {
  'bare-deeper': 1,
  'vegetation-to-bare': 0.7,
  spoil: 0.6,
  'road-like': 0.4,
  'bare-to-water': 0.2,
  'building-like': 0.1,
  other: 0.3,
};

export function score(facts: ScoreFacts, recipe: JudgementRecipe): Scored {
  const total = Object.values(recipe.weights).reduce((sum, weight) => sum + weight, 0);
  const points = (part: PartCode, share: number): number =>
    total === 0 ? 0 : Math.floor(((recipe.weights[part] * share) / total) * 1000 + ROUNDING) / 10;
  const parts = [...patchShares(facts, recipe), ...placeShares(facts, recipe)].map(
    ({ part, name, share, evidence, change }): ScorePart => ({
      part,
      name,
      points: points(part, share),
      most: points(part, 1),
      evidence,
      change,
    }),
  );
  // Added as whole tenths: a sum of decimal fractions would carry binary rests.
  return { score: parts.reduce((sum, { points: own }) => sum + Math.round(own * 10), 0) / 10, parts };
}

/** What the patch itself and its ground say. */
function patchShares(facts: ScoreFacts, recipe: JudgementRecipe): Share[] {
  const mu = muOf(facts.areaM2);
  const gravest = Math.max(0, ...facts.violations.map((code) => recipe.severity[code]));
  const certainty = facts.doubts.reduce((product, doubt) => product * recipe.certainty[doubt], 1);
  const doubted = facts.doubts.map((doubt) => `${DOUBT_WORDS[doubt]}，按 ${recipe.certainty[doubt]} 计`);
  return [
    {
      part: 'violation',
      name: '疑似类型与把握',
      share: gravest * certainty,
      evidence: [facts.violations.map((code) => VIOLATION_WORDS[code].zh).join('、') || '无', ...doubted].join('；'),
      change: '许可证、方案、项目资料补充或更正后重新判断',
    },
    {
      part: 'area',
      name: '面积',
      share: logShare(facts.areaM2, recipe.areaFullM2),
      evidence: `${facts.areaM2.toFixed(1)} m²（${mu.toFixed(2)} 亩）`,
      change: '现场实测面积',
    },
    {
      part: 'ten-mu',
      name: '十亩以上',
      share: mu >= TEN_MU ? 1 : 0,
      evidence: mu >= TEN_MU ? '不小于 10 亩，省级须逐块现场核查' : '小于 10 亩',
      change: '现场实测面积',
    },
    {
      part: 'outside',
      name: '界外面积',
      share: logShare(facts.beyondM2, recipe.areaFullM2),
      evidence: `扣除容差后界外 ${facts.beyondM2.toFixed(1)} m²`,
      change: 'GNSS 实测边界，或更正许可证坐标',
    },
    {
      part: 'distance',
      name: '超出距离',
      share: Math.min(1, (facts.leastOutsideM ?? 0) / Math.max(1, recipe.distanceFullM)),
      evidence:
        facts.leastOutsideM === null ? '附近没有许可证' : `扣除容差后最远超出 ${facts.leastOutsideM.toFixed(1)} m`,
      change: 'GNSS 实测边界',
    },
    {
      part: 'active',
      name: '开挖迹象',
      share: ACTIVE_SHARES[facts.changeType],
      evidence: CHANGE_WORDS[facts.changeType].zh,
      change: '新一期影像或现场查看是否仍在开挖',
    },
    {
      part: 'confidence',
      name: '识别可信度',
      share: facts.confidence,
      evidence: `可信度 ${facts.confidence.toFixed(2)}`,
      change: '新一期影像',
    },
    {
      part: 'keyzone',
      name: '重点区域',
      share: zoneShare(facts.zones, recipe.zones),
      evidence: evidenceOfZones(facts.zones),
      change: '重点区域图层更新',
    },
  ];
}

/** What the place's record says. Without one the parts give nothing and say so. */
function placeShares({ site, areaM2, dateAfter }: ScoreFacts, recipe: JudgementRecipe): Share[] {
  const unknown = '没有地点记录（单次比较）';
  const earlier = site?.earlierQuarters ?? [];
  const days = site?.lastVisit && dateAfter ? Math.max(0, daysBetween(site.lastVisit, dateAfter)) : null;
  return [
    {
      part: 'growth',
      name: '扩大',
      share: site ? logShare(site.grownM2 ?? areaM2, recipe.areaFullM2) : 0,
      evidence: site ? growthText(site.grownM2) : unknown,
      change: '下一季度是否继续扩大',
    },
    {
      part: 'persistence',
      name: '持续',
      share: Math.min(1, earlier.length / recipe.persistenceFullQuarters),
      evidence: site
        ? earlier.length > 0
          ? `此前 ${earlier.length} 个季度有变化：${earlier.join('、')}`
          : '此前没有变化'
        : unknown,
      change: '停止开挖后不再增加',
    },
    {
      part: 'resumed',
      name: '死灰复燃',
      share: site?.resumed ? 1 : 0,
      evidence: site
        ? site.resumed
          ? `${site.resumed.on} 已${site.resumed.event === 'closed' ? '取缔关闭' : '销号'}，又发现变化`
          : '没有关闭或销号记录'
        : unknown,
      change: '核实后撤销或重新登记关闭、销号记录',
    },
    {
      part: 'repeat',
      name: '屡次发现',
      share: site ? Math.min(1, site.repeats / 2) : 0,
      evidence: site ? `此处已认定违法 ${site.repeats} 次` : unknown,
      change: '复核认定记录',
    },
    {
      part: 'visit',
      name: '距上次核查',
      share: site ? (days === null ? 1 : Math.min(1, days / recipe.visitFullDays)) : 0,
      evidence: site ? (days === null ? '从未到现场' : `上次到现场 ${site.lastVisit}，距后时相 ${days} 天`) : unknown,
      change: '到现场核查并登记',
    },
    {
      part: 'evidence',
      name: '其他线索',
      share: 0,
      evidence: '举报、用电、巡查线索尚未接入',
      change: '接入线索后计分',
    },
  ];
}

function growthText(grownM2: number | null): string {
  return grownM2 === null ? '首次发现，按全部面积计' : `比此前最近一次扩大 ${grownM2.toFixed(1)} m²`;
}
