/** The history of a place in words, for a terminal. */
import { DECISION_WORDS } from '../model/decision.js';
import { TASK_ORIGIN_WORDS, TASK_STATE_WORDS } from '../model/patch-list.js';
import { muOf, SITE_STATE_WORDS, VIOLATION_WORDS } from '../model/words.js';
import type { SiteHistory } from '../ports/site-register.js';

export function describeSite({ site, patches, observations, states, tasks, decisions, merges }: SiteHistory): string {
  const standing = site.standing ? `${DECISION_WORDS[site.standing.kind].zh}（${site.standing.on}）` : '无决定';
  const sections: [string, string[]][] = [
    [
      '图斑',
      patches.map(({ quarter, id, areaM2, score, violations, memberId }) => {
        const words = violations.map((code) => wordOf(code)).join('、');
        const member = memberId === site.id ? '' : `（原地点 ${memberId}）`;
        return `${quarter}  ${id}  ${areaM2.toFixed(2)} m²（${muOf(areaM2).toFixed(2)} 亩）  ${score.toFixed(1)} 分  ${words}${member}`;
      }),
    ],
    ['并入', merges.map(({ quarter, siteId, intoId }) => `${quarter}  ${siteId} → ${intoId}`)],
    [
      '登记多边形',
      observations.map(({ quarter, boundaryId, patches: own }) => `${quarter}  ${boundaryId}  ${own.join('、')}`),
    ],
    ['各季现状', states.map(({ quarter, state, reason }) => `${quarter}  ${SITE_STATE_WORDS[state].zh}  ${reason}`)],
    [
      '任务',
      tasks.map(({ quarter, id, state, rank, origin = 'change', notes = [] }) =>
        [`${quarter}  ${id}  ${TASK_STATE_WORDS[state]}  排名 ${rank}  ${TASK_ORIGIN_WORDS[origin]}`, ...notes].join(
          '\n      ',
        ),
      ),
    ],
    [
      '决定',
      decisions.map(({ on, kind, by, note, taskId, expires, limitM2 }) => {
        const memory = limitM2 === null ? '' : `  记忆至 ${expires}，限值 ${limitM2} m²`;
        return `${on}  ${DECISION_WORDS[kind].zh}  ${by}  ${note}${taskId === null ? '' : `  ${taskId}`}${memory}`;
      }),
    ],
  ];
  const head = `地点 ${site.id}  ${site.lon.toFixed(6)}, ${site.lat.toFixed(6)}  首次 ${site.firstQuarter}  最近 ${site.lastQuarter ?? '—'}  ${standing}`;
  const body = sections.flatMap(([name, lines]) =>
    lines.length > 0 ? [`  ${name}`, ...lines.map((line) => `    ${line}`)] : [],
  );
  return `${[head, ...body].join('\n')}\n`;
}

function wordOf(code: string): string {
  return code in VIOLATION_WORDS ? VIOLATION_WORDS[code as keyof typeof VIOLATION_WORDS].zh : code;
}
