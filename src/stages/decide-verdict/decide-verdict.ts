/**
 * decide-verdict: what a verdict lacks, and what follows from it for the place. The person decides; the rules remark.
 * In:  verdicts per part, the finding they speak of, files, code table, patch. Out: remarks in the order of parts and rules; the kinds of decision
 *      that the place's record hears; whether a case is opened.
 */
import { DECISION_OF_EFFECT, findCode, type VerdictEffect } from '../../model/codes.js';
import type { DecisionKind } from '../../model/decision.js';
import { Fault } from '../../model/fault.js';
import type { PartVerdict, Remark } from '../../model/verdict.js';
import { contextOf, hasEffect, type VerdictGround } from './context.js';
import { VERDICT_RULES } from './rules.js';

/** Verdicts by which nothing was wrong: they need a second person. */
export const STRONG_EFFECTS: readonly VerdictEffect[] = ['legal', 'pseudo'];

export function proposedVerdicts({ parts }: Pick<VerdictGround['form'], 'parts'>): PartVerdict[] {
  return parts.map(({ part, verdict, handling, reason, files }) => ({
    part,
    code: verdict,
    handling,
    reason,
    attachments: files.map(({ sha256 }) => sha256),
  }));
}

export function remarksOn(ground: VerdictGround, given: readonly PartVerdict[]): Remark[] {
  return given.flatMap((verdict) => {
    const part = ground.form.parts.find((one) => one.part === verdict.part);
    const context = part && contextOf(ground, part, verdict);
    if (!context) return [];
    return VERDICT_RULES.filter(({ of }) => of.includes(context.effect)).flatMap(
      ({ id, kind, blocks, text, test }): Remark[] => {
        const hit = test(context);
        return hit ? [{ rule: id, kind, blocks, part: verdict.part, ...hit, text }] : [];
      },
    );
  });
}

/** Every part once, with codes that may be chosen. Faults: verdict.parts, verdict.code. */
export function refuseIncomplete(
  ground: Pick<VerdictGround, 'form' | 'codes' | 'files'>,
  given: readonly PartVerdict[],
): void {
  const [asked, got] = [ground.form.parts.map(({ part }) => part), given.map(({ part }) => part)];
  if (asked.length !== got.length || asked.some((part) => !got.includes(part))) {
    throw new Fault(
      'verdict.parts',
      `每个地块须有一个认定意见：应为地块 ${asked.join('、')}，得到 ${got.join('、') || '无'} (one verdict for each part)`,
    );
  }
  for (const verdict of given) {
    const { part, code, handling, attachments } = verdict;
    const unknown = [
      ...(chosen(ground, 'verdict', code, part) ? [] : [code]),
      ...(handling === null || chosen(ground, 'handling', handling, part) ? [] : [handling]),
    ];
    if (unknown.length > 0) {
      throw new Fault(
        'verdict.code',
        `地块 ${part}：代码表里没有“${unknown.join('、')}”，或已停用 (not in the code table, or retired)`,
      );
    }
    const lost = attachments.filter((sha256) => !ground.files.some((file) => file.sha256 === sha256));
    if (lost.length > 0) {
      throw new Fault('verdict.attachment', `地块 ${part}：任务没有附件 ${lost.join('、')} (no such file on the task)`);
    }
  }
}

/** A code that was retired since the finding was filled in may still be agreed with. */
function chosen(
  { codes, form }: Pick<VerdictGround, 'codes' | 'form'>,
  kind: 'verdict' | 'handling',
  code: string,
  part: string,
): boolean {
  const found = findCode(codes, kind, code);
  if (found?.code !== code) return false;
  return !found.retired || form.parts.some((one) => one.part === part && one[kind] === code);
}

export function effectOf({ codes }: Pick<VerdictGround, 'codes'>, { code }: PartVerdict): VerdictEffect {
  return (findCode(codes, 'verdict', code)?.effect ?? 'other') as VerdictEffect;
}

/** Kinds of decision, without `visited`. A violation in one part stands for the place; a dismissal needs that no part is one; closed: shut down on the spot. */
export function decisionsOf(
  ground: Pick<VerdictGround, 'form' | 'codes'>,
  given: readonly PartVerdict[],
): DecisionKind[] {
  const effects = given.map((verdict) => effectOf(ground, verdict));
  const kinds = new Set(effects.flatMap((effect) => DECISION_OF_EFFECT[effect] ?? []));
  if (!kinds.has('confirmed')) return kinds.has('dismissed') ? ['dismissed'] : [];
  return hasEffect(ground.codes, 'measure', ground.form.measures, 'closed') ? ['confirmed', 'closed'] : ['confirmed'];
}

export function leadsToCase(ground: Pick<VerdictGround, 'codes'>, given: readonly PartVerdict[]): boolean {
  return given.some(
    (verdict) =>
      effectOf(ground, verdict) === 'illegal' &&
      verdict.handling !== null &&
      findCode(ground.codes, 'handling', verdict.handling)?.effect === 'case',
  );
}
