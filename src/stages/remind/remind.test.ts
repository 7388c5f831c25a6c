import { describe, expect, it } from 'vitest';
import type { NewNotice, Notice } from '../../model/notice-kind.js';
import type { Grant, Member } from '../../model/person.js';
import { queueSettingsSchema } from '../../model/queue-settings.js';
import type { WorkCalendar } from '../../model/working-days.js';
import { digests, digestText, isQuiet } from './digest.js';
import { deadlineFor, type FileClock, remind } from './remind.js';

const settings = queueSettingsSchema.parse({});
const calendar: WorkCalendar = new Map([
  [
    2026,
    {
      year: 2026,
      off: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
      worked: ['2026-10-10'],
      source: 'x',
    },
  ],
]);
const person = (id: string, grants: readonly Partial<Grant>[] = [], teams: string[] = []): Member => ({
  id,
  login: id,
  name: id,
  kind: 'person',
  grants: grants.map((grant) => ({ role: 'officer', level: null, areaId: null, ...grant })),
  teams,
});
const people = [
  person('officer', [{ areaId: 'east' }], ['t1']),
  person('second', [{ areaId: 'east' }], ['t1']),
  person('station', [{ role: 'reviewer', level: 'station', areaId: 'east' }]),
  person('county', [{ role: 'reviewer', level: 'county' }]),
  person('east-boss', [{ role: 'supervisor', areaId: 'east' }]),
  person('boss', [{ role: 'supervisor' }]),
];
const file = (over: Partial<FileClock>): FileClock => ({
  taskId: 'T1',
  state: 'assigned',
  areas: ['east'],
  teamId: null,
  assignee: 'officer',
  holder: null,
  leaseUntil: null,
  authors: [],
  reviewers: [],
  reviewLevel: null,
  deadline: '2026-10-10',
  ...over,
});
const told = (over: Partial<FileClock>, at: string) =>
  remind({ files: [file(over)], people, calendar, settings, at })
    .map(({ personId, kind }: NewNotice) => `${kind}:${personId}`)
    .sort();

describe('deadlines of steps', () => {
  const due = (over: object) =>
    deadlineFor(calendar, settings, { step: 'county', key: false, returned: false, receivedOn: '2026-09-30', ...over });
  it('are 10/10/5 working days, 5 for key and returned patches, the day of receipt not counted', () => {
    // 1–7 October are off, 8 and 9 worked, Saturday 10 worked, then 12–16, 19 and 20.
    expect(due({})).toEqual({ day: '2026-10-20', provisional: false });
    expect(due({ step: 'city' }).day).toBe('2026-10-13');
    expect(due({ key: true }).day).toBe('2026-10-13');
    expect(due({ returned: true }).day).toBe('2026-10-13');
    expect(due({ receivedOn: '2026-12-28' }).provisional).toBe(true);
  });
});

describe('remind', () => {
  it('warns before a deadline in working days, not before, not on ended files', () => {
    expect(told({}, '2026-10-07T16:00:00.000Z')).toEqual(['due-soon:officer']);
    expect(told({}, '2026-10-02T02:00:00.000Z')).toEqual([]);
    expect(told({ deadline: '2026-10-12' }, '2026-10-08T02:00:00.000Z')).toEqual([]);
    expect(told({ state: 'closed' }, '2026-11-08T02:00:00.000Z')).toEqual([]);
  });

  it('goes up when overdue: the area after two working days, everywhere after four', () => {
    expect(told({}, '2026-10-12T02:00:00.000Z')).toEqual(['overdue:officer']);
    expect(told({}, '2026-10-13T02:00:00.000Z')).toEqual(['escalated:east-boss', 'overdue:officer']);
    expect(told({}, '2026-10-15T02:00:00.000Z')).toEqual(['escalated:boss', 'escalated:east-boss', 'overdue:officer']);
    expect(told({ areas: ['west'] }, '2026-10-13T02:00:00.000Z')).toEqual(['escalated:boss', 'overdue:officer']);
    expect(told({ assignee: null }, '2026-10-12T02:00:00.000Z')).toEqual(['escalated:east-boss']);
  });

  it('speaks to the team, the holder, or the reviewers of the level that it waits for', () => {
    const at = '2026-10-12T02:00:00.000Z';
    expect(told({ assignee: null, teamId: 't1' }, at)).toEqual(['overdue:officer', 'overdue:second']);
    expect(told({ holder: 'second', state: 'claimed' }, at)).toEqual(['overdue:second']);
    expect(told({ state: 'submitted', reviewLevel: 'station', authors: ['officer'] }, at)).toEqual(['overdue:station']);
    // Who has a part in it, or approved it before, does not review it.
    for (const kept of [{ authors: ['county', 'officer'] }, { reviewers: ['county'] }]) {
      const said = told({ state: 'submitted', reviewLevel: 'county', ...kept }, at);
      expect(said).toEqual(['escalated:east-boss']);
    }
  });

  it('warns the holder before the lease ends, and no longer afterwards', () => {
    const lease = { state: 'claimed', holder: 'officer', deadline: null, leaseUntil: '2026-10-12T08:00:00Z' } as const;
    expect(told(lease, '2026-10-12T01:59:00.000Z')).toEqual([]);
    expect(told(lease, '2026-10-12T02:00:00.000Z')).toEqual(['lease-ending:officer']);
    expect(told(lease, '2026-10-12T08:00:00.000Z')).toEqual([]);
  });
});

describe('digests', () => {
  const notice = (id: string, kind: Notice['kind'], over: Partial<Notice> = {}): Notice => ({
    id,
    personId: 'officer',
    kind,
    taskId: `T${id}`,
    dueOn: null,
    madeAt: '2026-10-12T00:00:00Z',
    seenAt: null,
    ...over,
  });
  const unsent = [
    notice('1', 'due-soon', { dueOn: '2026-10-14' }),
    notice('2', 'due-soon', { dueOn: '2026-10-13' }),
    notice('3', 'lease-ending'),
    notice('4', 'assigned', { personId: 'second' }),
  ];
  const sent = (at: string, ...digested: string[]) =>
    digests(unsent, settings.notices, { at, digested: new Set(digested) }).map(({ personId, counts }) => [
      personId,
      counts,
    ]);

  it('send nothing in the quiet hours, what is urgent before the hour of the digest, all after it, once a day', () => {
    expect(sent('2026-10-12T22:00:00Z')).toEqual([]);
    expect(sent('2026-10-12T23:40:00Z')).toEqual([['officer', { 'lease-ending': 1 }]]);
    expect(sent('2026-10-12T00:01:00Z')).toEqual([
      ['officer', { 'lease-ending': 1, 'due-soon': 2 }],
      ['second', { assigned: 1 }],
    ]);
    expect(sent('2026-10-12T03:00:00Z', 'officer', 'second')).toEqual([['officer', { 'lease-ending': 1 }]]);
    expect(isQuiet({ ...settings.notices, quietFrom: '12:00', quietTo: '12:00' }, '2026-10-12T04:00:00Z')).toBe(false);
  });

  it('tell counts and the earliest day, no task', () => {
    const [first] = digests(unsent, settings.notices, { at: '2026-10-12T00:01:00Z', digested: new Set() });
    const { subject, text } = digestText('甲县', first?.counts ?? {}, first?.earliestDue ?? null);
    expect(subject).toBe('甲县：3 项待办 (3 to do)');
    expect(text).toContain('2 件任务临近期限');
    expect(text).toContain('2026-10-13');
    expect(text).not.toMatch(/T1|T2|T3/);
  });
});
