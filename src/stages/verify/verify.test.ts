/** Random walks by anyone with anything: only what the table names happens, one holder at most, revisions rise by one, every step is on record. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import type { FlowRules } from '../../model/flow-rules.js';
import type { Member, REVIEW_LEVELS } from '../../model/person.js';
import { queueSettingsSchema } from '../../model/queue-settings.js';
import { type FileStep, leaseOver, type TaskFile, waitingState } from '../../model/task-file.js';
import { FILE_STATES, FLOW_ACTIONS, type FlowAction, HELD_STATES, transitionOf } from '../../model/task-flow.js';
import { allowedSteps, CONSEQUENCES, refusal } from './may.js';
import { NO_CONTEXT, type StepInput } from './step-input.js';
import { verify } from './verify.js';

const settings = queueSettingsSchema.parse({});
const rules: FlowRules = {
  settings,
  deadlineFor: ({ step, returned }) => ({
    day: returned ? '2026-12-05' : step === 'field' ? '2026-12-10' : '2026-12-20',
    provisional: false,
  }),
};

function person(id: string, ...grants: Member['grants']): Member {
  return { id, login: id, name: id, kind: 'person', grants, teams: id === 'o2' ? ['team'] : [] };
}
const grant = (
  role: Member['grants'][number]['role'],
  areaId: string | null,
  level: (typeof REVIEW_LEVELS)[number] | null = null,
) => ({ role, level, areaId });
const PEOPLE: readonly Member[] = [
  person('o1', grant('officer', 'east')),
  person('o2', grant('officer', 'east'), grant('reviewer', 'east', 'station')),
  person('far', grant('officer', 'west'), grant('reviewer', 'west', 'county')),
  person('r1', grant('reviewer', 'east', 'station'), grant('reviewer', 'east', 'county')),
  person('r2', grant('reviewer', null, 'county'), grant('reviewer', null, 'city')),
  person('an', grant('analyst', null)),
  person('su', grant('supervisor', 'east')),
  person('ad', grant('administrator', null)),
];
const NEW: TaskFile = {
  taskId: 'T1',
  quarter: '2026Q3',
  state: 'new',
  revision: 1,
  rank: 1,
  score: 50,
  violations: ['no-licence'],
  areaM2: 100,
  key: false,
  listed: 'new',
  areas: ['east'],
  teamId: null,
  assignee: null,
  holder: null,
  leaseUntil: null,
  leaseNo: 0,
  leaseExtensions: 0,
  roundId: null,
  sealed: false,
  submitter: null,
  authors: [],
  reviewers: [],
  reviewLevel: null,
  returned: false,
  deadline: null,
  deadlineProvisional: false,
  extensionAsked: null,
  acknowledged: null,
  mergedInto: null,
  splitFrom: null,
  openedAt: '2026-11-20T00:00:00.000Z',
  changedAt: '2026-11-20T00:00:00.000Z',
};
const START = Date.parse('2026-11-20T02:00:00.000Z');
const at = (hours: number) => new Date(START + hours * 3_600_000).toISOString();

function stepOf(file: TaskFile, action: FlowAction, by: Member | null, rest: Partial<StepInput> = {}): StepInput {
  return {
    file,
    action,
    revision: file.revision,
    since: [],
    by,
    device: 'test',
    at: at(0),
    details: {},
    change: null,
    context: NO_CONTEXT,
    rules,
    ...rest,
  };
}
const who = (id: string): Member => {
  const found = PEOPLE.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
};

/** Walks as given; each step names the action, the person and what comes with it. */
function walk(...steps: readonly [FlowAction, string, StepInput['details']?, Partial<StepInput>?][]): TaskFile {
  return steps.reduce(
    (file, [action, id, details = {}, rest = {}]) => verify(stepOf(file, action, who(id), { details, ...rest })).file,
    NEW,
  );
}
const ENDS: readonly FlowAction[] = ['split', 'bad-imagery', 'unreachable', 'take-off', 'release', 'assign'];
const FINDING = { finding: {}, findingId: 'f' };

describe('any walk', () => {
  const attempt = fc.record({
    action: fc.constantFrom(...FLOW_ACTIONS),
    by: fc.option(fc.constantFrom(...PEOPLE), { nil: null, freq: 12 }),
    behind: fc.constantFrom(0, 0, 0, 0, 1),
    hours: fc.integer({ min: -3, max: 40 }),
    reason: fc.option(fc.constantFrom('理由', ' '), { nil: undefined }),
    deadline: fc.option(fc.constantFrom('2026-12-30', '2020-01-01', '2099-01-01'), { nil: undefined }),
    finding: fc.boolean(),
    assignee: fc.constantFrom(null, 'o1', 'o2', 'far'),
    teamId: fc.constantFrom(null, null, 'team'),
    leaseNo: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
    changed: fc.boolean(),
    acknowledge: fc.boolean(),
    held: fc.constantFrom(0, 0, 0, settings.lease.most),
    listed: fc.constantFrom('new' as const, 'withdrawn' as const),
    key: fc.boolean(),
    /** Takes one of the steps that somebody may take; else whatever was drawn. */
    guided: fc.option(fc.nat(999), { nil: null, freq: 4 }),
  });

  function guide(file: TaskFile, pick: number | null) {
    const by = PEOPLE[(pick ?? 0) % PEOPLE.length];
    if (pick === null || !by) return {};
    // Ends come seldom, so that walks get somewhere.
    const open = allowedSteps(file, by).filter((action) => pick > 800 || !ENDS.includes(action));
    const action = open[Math.floor(pick / PEOPLE.length) % open.length];
    const chosen = action && { by, action };
    return chosen
      ? {
          ...chosen,
          behind: 0,
          hours: 1,
          reason: '理由',
          deadline: '2026-12-30',
          leaseNo: undefined,
          held: 0,
          assignee: null,
          teamId: 'team',
          finding: true,
          acknowledge: true,
        }
      : {};
  }

  it('stays in the table, with one holder at most, and every step on record', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 1, maxLength: 60, size: 'max' }), (attempts) => {
        let file: TaskFile = { ...NEW, key: attempts[0]?.key ?? false };
        let clock = 0;
        const record: FileStep[] = [];
        for (const drawn of attempts) {
          const one = { ...drawn, ...guide(file, drawn.guided) };
          clock += one.hours;
          const now = at(clock);
          const { reason, deadline, assignee, teamId, leaseNo } = one;
          const change = one.changed
            ? {
                hash: 'h',
                acknowledged: file.acknowledged === 'h',
                sentences: ['变'],
                withdrawn: false,
                areaM2: null,
                outline: null,
              }
            : null;
          const input = stepOf({ ...file, listed: one.listed }, one.action, one.by, {
            at: now,
            revision: file.revision - one.behind,
            details: {
              assignee,
              teamId,
              ...(reason === undefined ? {} : { reason }),
              ...(deadline === undefined ? {} : { deadline }),
              ...(leaseNo === undefined ? {} : { leaseNo }),
              ...(one.finding ? FINDING : {}),
              ...(one.acknowledge ? { acknowledged: 'h' } : {}),
              parts: 'pieces',
              tasks: [{ taskId: 'T2', revision: 1 }],
            },
            change,
            context: { ...NO_CONTEXT, officers: ['o1', 'o2'], team: ['o2'], held: one.held, into: 'T2' },
          });
          let outcome: ReturnType<typeof verify>;
          try {
            outcome = verify(input);
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
            expect((error as Fault).code).toMatch(/^flow\./);
            continue;
          }
          const transition = transitionOf(one.action);
          const next = outcome.file;
          expect(one.behind).toBe(0);
          expect(transition.from).toContain(file.state);
          const follows = {
            same: [file.state],
            waiting: [waitingState(next)],
            'next-review': ['submitted', 'verdict'],
          } as const;
          const targets: readonly string[] = follows[transition.to as keyof typeof follows] ?? [transition.to];
          expect(targets).toContain(next.state);
          expect(FILE_STATES).toContain(next.state);
          expect(next.revision).toBe(file.revision + 1);
          expect(next.leaseNo).toBeGreaterThanOrEqual(file.leaseNo);
          expect(HELD_STATES.includes(next.state)).toBe(next.holder !== null);
          expect(next.holder === null).toBe(next.leaseUntil === null);
          expect(next.state === 'submitted').toBe(next.reviewLevel !== null);
          if (file.holder !== null && next.holder !== null) expect(next.holder).toBe(file.holder);
          if (['approve', 'return'].includes(one.action)) expect(file.authors).not.toContain(one.by?.id);
          expect(new Set(next.reviewers).size).toBe(next.reviewers.length);
          expect(outcome.step).toMatchObject({ from: file.state, to: next.state, revision: next.revision });
          record.push(outcome.step);
          file = next;
          reached.add(next.state);
        }
        expect(record.map(({ revision }) => revision)).toEqual(record.map((_, i) => i + 2));
        expect(record.map(({ from }) => from).slice(1)).toEqual(record.map(({ to }) => to).slice(0, -1));
      }),
      { numRuns: 200, seed: 6 },
    );
    // Walks that never get anywhere would prove nothing; `merged` follows from another file's step.
    expect(FILE_STATES.filter((state) => state !== 'merged' && !reached.has(state))).toEqual([]);
  });

  it('offers exactly the steps that are not refused', () => {
    for (const file of [NEW, walk(['claim', 'o1']), walk(['claim', 'o1'], ['submit', 'o1', FINDING])]) {
      for (const by of PEOPLE) {
        const may = allowedSteps(file, by);
        for (const action of FLOW_ACTIONS.filter(
          (one) => !CONSEQUENCES.includes(one) && !['take-off', 'hand-over'].includes(one),
        )) {
          expect(may.includes(action), `${by.id} ${action} ${file.state}`).toBe(refusal(file, action, by) === null);
        }
      }
    }
    expect(allowedSteps(NEW, who('o1'))).toEqual(['claim']);
    expect(allowedSteps(NEW, who('far'))).toEqual([]);
    expect(allowedSteps(NEW, who('an'))).toEqual(['assign', 'bad-imagery', 'merge', 'split']);
    expect(allowedSteps({ ...NEW, listed: 'withdrawn' }, who('an'))).toContain('take-off');
  });
});

describe('from claim to verdict', () => {
  const submitted = () => walk(['claim', 'o1'], ['depart', 'o1'], ['submit', 'o1', FINDING]);

  it('goes through the levels of the workspace, each by another person, with a deadline at each', () => {
    const one = submitted();
    expect(one).toMatchObject({ state: 'submitted', reviewLevel: 'station', submitter: 'o1', deadline: '2026-12-20' });
    // A reviewer of another level is told which level it waits for.
    expect(refusal(one, 'return', who('r2'))?.message).toContain('待所级审核');
    const two = verify(stepOf(one, 'approve', who('r1'))).file;
    expect(two).toMatchObject({ state: 'submitted', reviewLevel: 'county', reviewers: ['r1'] });
    expect(codeOf(() => verify(stepOf(two, 'approve', who('r1'))))).toBe('flow.same-reviewer');
    const three = verify(stepOf(two, 'approve', who('r2'))).file;
    expect(three).toMatchObject({ state: 'verdict', reviewLevel: null, deadline: null });
    expect(verify(stepOf({ ...two, key: true }, 'approve', who('r2'))).file).toMatchObject({ reviewLevel: 'city' });
  });

  it('lets nobody review own work, at any level, also after another one corrected it', () => {
    const byO2 = walk(['claim', 'o2'], ['submit', 'o2', FINDING]);
    expect(codeOf(() => verify(stepOf(byO2, 'approve', who('o2'))))).toBe('flow.own-work');
    const corrected = walk(
      ['claim', 'o2'],
      ['submit', 'o2', FINDING],
      ['return', 'r1', { reason: '照片不清' }],
      ['assign', 'an', { assignee: 'o1' }, { context: { ...NO_CONTEXT, officers: ['o1'] } }],
      ['claim', 'o1'],
      ['submit', 'o1', FINDING],
    );
    expect(corrected.authors).toEqual(['o1', 'o2']);
    expect(codeOf(() => verify(stepOf(corrected, 'approve', who('o2'))))).toBe('flow.own-work');
    expect(codeOf(() => verify(stepOf(corrected, 'approve', who('far'))))).toBe('flow.role');
  });

  it('returns with a reason and a deadline, to the one who submitted; a lease that ends leaves it returned', () => {
    expect(codeOf(() => verify(stepOf(submitted(), 'return', who('r1'))))).toBe('flow.reason');
    expect(
      codeOf(() =>
        verify(stepOf(submitted(), 'return', who('r1'), { details: { reason: 'x', deadline: '2026-11-20' } })),
      ),
    ).toBe('flow.deadline');
    const returned = verify(stepOf(submitted(), 'return', who('r1'), { details: { reason: '补照片' } })).file;
    expect(returned).toMatchObject({ state: 'returned', assignee: 'o1', deadline: '2026-12-05', reviewers: [] });
    const again = verify(stepOf(returned, 'claim', who('o1'))).file;
    expect(codeOf(() => verify(stepOf(returned, 'claim', who('o2'))))).toBe('flow.assignee');
    const over = verify(stepOf(again, 'lapse', null, { revision: null, at: at(100) })).file;
    expect(over).toMatchObject({ state: 'returned', holder: null, deadline: '2026-12-05' });
  });
});

describe('leases', () => {
  it('last as long as set, can be extended as often as set, and end', () => {
    const file = walk(['claim', 'o1']);
    expect(file.leaseUntil).toBe(at(settings.lease.hours));
    expect(leaseOver(file, at(settings.lease.hours - 0.001))).toBe(false);
    expect(leaseOver(file, at(settings.lease.hours))).toBe(true);
    const twice = walk(['claim', 'o1'], ['extend-lease', 'o1'], ['extend-lease', 'o1']);
    expect(twice.leaseUntil).toBe(at(3 * settings.lease.hours));
    expect(codeOf(() => verify(stepOf(twice, 'extend-lease', who('o1'))))).toBe('flow.lease');
    expect(codeOf(() => verify(stepOf(NEW, 'claim', who('o1'), { details: { hours: 500 } })))).toBe('flow.lease');
    expect(codeOf(() => verify(stepOf(file, 'release', who('o2'))))).toBe('flow.holder');
    expect(verify(stepOf(file, 'release', who('su'))).file).toMatchObject({ state: 'new', holder: null });
    expect(codeOf(() => verify(stepOf(file, 'lapse', who('ad'))))).toBe('flow.role');
  });

  it('refuses what was made under an earlier one, and what is based on an earlier revision', () => {
    const again = walk(['claim', 'o1'], ['release', 'o1'], ['claim', 'o1']);
    const late = { ...FINDING, leaseNo: 1 };
    expect(codeOf(() => verify(stepOf(again, 'submit', who('o1'), { details: late })))).toBe('flow.lease-ended');
    expect(codeOf(() => verify(stepOf(again, 'submit', who('o1'), { details: FINDING, revision: 2 })))).toBe(
      'flow.stale',
    );
    expect(codeOf(() => verify(stepOf(again, 'submit', who('o1'), { details: { ...FINDING, leaseNo: 2 } })))).toBe(
      'done',
    );
    expect(codeOf(() => verify(stepOf(again, 'submit', who('o1'))))).toBe('flow.finding');
  });
});

describe('a sealed round that has yet to depart', () => {
  const kept = verify(
    stepOf(NEW, 'enter-round', who('an'), { context: { ...NO_CONTEXT, roundId: 'R', sealing: true } }),
  );
  const held = verify(stepOf(kept.file, 'claim', who('o1'))).file;

  it('keeps its files, and their places withheld, whatever becomes of a claim', () => {
    expect(kept.step).toMatchObject({
      action: 'enter-round',
      from: 'new',
      to: 'new',
      body: { roundId: 'R', sealed: true },
    });
    expect(held).toMatchObject({ state: 'claimed', roundId: 'R', sealed: true });
    const free = [
      verify(stepOf(held, 'release', who('o1'))),
      verify(stepOf(held, 'lapse', null, { revision: null, at: at(100) })),
      verify(stepOf(held, 'bad-imagery', who('an'), { details: { reason: '云' } })),
    ];
    for (const { file } of free) expect(file).toMatchObject({ holder: null, roundId: 'R', sealed: true });
  });

  it('lets nobody act on a place that he has not been shown', () => {
    expect(allowedSteps(held, who('o1'))).toEqual(['extend-lease', 'release', 'ask-extension', 'bad-imagery']);
    expect(codeOf(() => verify(stepOf(held, 'depart', who('o1'))))).toBe('flow.sealed');
    expect(codeOf(() => verify(stepOf(held, 'submit', who('o1'), { details: FINDING })))).toBe('flow.sealed');
    expect(codeOf(() => verify(stepOf(held, 'unreachable', who('o1'), { details: { reason: '路断' } })))).toBe(
      'flow.sealed',
    );
    expect(
      codeOf(() => verify(stepOf(kept.file, 'split', who('an'), { details: { reason: 'x', parts: 'pieces' } }))),
    ).toBe('flow.sealed');
  });
});

it('wants what changed under the file to be acknowledged, once', () => {
  const change = {
    hash: 'h',
    acknowledged: false,
    sentences: ['得分 50.0 → 60.0'],
    withdrawn: false,
    areaM2: null,
    outline: null,
  };
  const file = walk(['claim', 'o1']);
  expect(codeOf(() => verify(stepOf(file, 'submit', who('o1'), { details: FINDING, change })))).toBe('flow.changed');
  const wrong = { ...FINDING, acknowledged: 'other' };
  expect(codeOf(() => verify(stepOf(file, 'submit', who('o1'), { details: wrong, change })))).toBe('flow.changed');
  const done = verify(stepOf(file, 'submit', who('o1'), { details: { ...FINDING, acknowledged: 'h' }, change })).file;
  expect(done.acknowledged).toBe('h');
  expect(codeOf(() => verify(stepOf(done, 'approve', who('r1'), { change: { ...change, acknowledged: true } })))).toBe(
    'done',
  );
});
