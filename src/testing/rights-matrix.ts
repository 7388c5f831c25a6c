/**
 * Who may do what: one row per route of the API, against a task in the east. `own`: roles that may, granted in the east. Those granted in the west are
 * answered as `west` says: `hidden` (404, as if it were not there), `no` (403), or `same` as in the east.
 */
import type { Role } from '../model/person.js';
import { photo } from './photos.js';
import { multipart, type QueueApi } from './queue-api.js';
import { queueTask, rightForm } from './queue-ground.js';

export const MATRIX_ROLES = ['officer', 'reviewer', 'analyst', 'supervisor', 'administrator'] as const satisfies Role[];
export type MatrixRole = (typeof MATRIX_ROLES)[number];

export interface Ask {
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly payload?: Buffer;
}

export interface RightsRow {
  /** As registered: `GET /api/…/:id`. */
  readonly route: string;
  readonly own: readonly MatrixRole[];
  readonly west: 'hidden' | 'no' | 'same';
  /** Only with a grant that holds everywhere; the column of the administrator of everything says yes. */
  readonly everywhere?: true;
  /** Of those who may not: to whom not even is told that it is there. */
  readonly hiddenFrom?: readonly MatrixRole[];
  /** Whoever has a role everywhere may, too. */
  readonly overall?: true;
  /** The role is asked for before the task: who may not is told so of any task. */
  readonly roleFirst?: true;
  readonly open?: true;
  /** State of the task before the request. */
  readonly state?: string;
  /** Codes of 403 and 404 that speak of what was sent, not of who sent it. */
  readonly reached?: readonly string[];
  /** Ends the session that asks. */
  readonly ends?: true;
  ask(ground: MatrixGround): Ask | Promise<Ask>;
}

/** What is there to be asked for: of task Tp1, in the east. */
export interface MatrixGround {
  readonly api: QueueApi;
  readonly revision: (taskId: string) => Promise<number>;
  readonly evidenceId: string;
  readonly findingId: string;
  readonly roundId: () => Promise<string>;
  /** Drawn by the supervisor of the east for the reviewer there. */
  readonly lookId: string;
}

const ALL = MATRIX_ROLES;
const PLANNERS = ['analyst', 'supervisor', 'administrator'] as const;
const OVERSEERS = ['supervisor', 'administrator'] as const;

const get = (route: string, url: string, more: Partial<RightsRow> = {}): RightsRow => ({
  route: `GET ${route}`,
  own: ALL,
  west: 'same',
  ask: () => ({ url }),
  ...more,
});
const send = (
  route: string,
  own: readonly MatrixRole[],
  west: RightsRow['west'],
  ask: RightsRow['ask'],
  more: Partial<RightsRow> = {},
): RightsRow => ({ route, own, west, ask, ...more });

/** A step of Tp1 from a state. */
const step = (action: string, state: string, own: readonly MatrixRole[], body?: object): RightsRow => ({
  route: `POST /api/queue/files/:id/${action}`,
  own,
  west: 'hidden',
  state,
  ask: async ({ revision }) => ({
    url: `/api/queue/files/Tp1/${action}`,
    headers: { 'if-match': `"${await revision('Tp1')}"` },
    ...(body ? { body } : {}),
  }),
});
const reason = { reason: '理由' };
const later = { ...reason, deadline: '2026-12-01' };
let keys = 0;
const key = () => {
  keys += 1;
  return { 'idempotency-key': `matrix-key-${keys}` };
};
const admin = (route: string, ask: RightsRow['ask'], more: Partial<RightsRow> = {}): RightsRow =>
  send(route, [], 'no', ask, { everywhere: true, ...more });
/** Of oneself. */
const self = (route: string, ask: RightsRow['ask'], more: Partial<RightsRow> = {}): RightsRow =>
  send(route, ALL, 'same', ask, more);

const ROUND = {
  own: ['officer', 'analyst'],
  west: 'hidden',
  hiddenFrom: ['reviewer', 'supervisor', 'administrator'],
  overall: true,
} as const;
/** Known to the one who drew it and the one who looks alone. */
const LOOK = {
  own: ['reviewer', 'supervisor'],
  west: 'hidden',
  hiddenFrom: ['officer', 'analyst', 'administrator'],
} as const;
const pit = { quarter: '2026Q3', place: { lon: 106.35, lat: 29.45 } };
const parts = { parts: null };
const form = { form: rightForm(queueTask(1)) };
const grant = { role: 'officer', level: null, areaId: 'west' };

export const RIGHTS_ROWS: readonly RightsRow[] = [
  get('/healthz', '/healthz', { open: true }),
  get('/api/openapi.json', '/api/openapi.json', { open: true }),
  get('/api/workspace', '/api/workspace'),
  get('/api/quarters/:quarter/tasks', '/api/quarters/2026Q3/tasks'),
  get('/api/quarters/:quarter/map', '/api/quarters/2026Q3/map'),
  send('POST /api/quarters/:quarter/pairs/:pair/:date.png', ALL, 'hidden', () => ({
    url: '/api/quarters/2026Q3/pairs/P1/after.png',
    body: { box: [106.2, 29.3, 106.4, 29.5] },
  })),
  get('/api/tasks/:id', '/api/tasks/Tp1', { west: 'hidden' }),
  get('/api/tasks/:id/:date.png', '/api/tasks/Tp1/after.png', { west: 'hidden' }),

  get('/api/queue/files', '/api/queue/files'),
  get('/api/queue/counts', '/api/queue/counts'),
  get('/api/queue/mine', '/api/queue/mine'),
  get('/api/queue/reviews', '/api/queue/reviews'),
  send(
    'POST /api/queue/claims',
    ['officer'],
    'same',
    () => ({ url: '/api/queue/claims', body: { count: 1 }, headers: key() }),
    {
      hiddenFrom: ALL,
    },
  ),
  // Assigns what the person may assign, and says of the rest that it may not; those who assign nowhere are refused.
  send('POST /api/queue/allot', ['analyst', 'supervisor', 'administrator'], 'same', () => ({
    url: '/api/queue/allot',
    body: { count: 1 },
  })),
  get('/api/responsibilities', '/api/responsibilities'),
  // Of entries about one's areas; all of it, and whether it is whole, for those of everywhere.
  get('/api/audit', '/api/audit?limit=1', { own: OVERSEERS }),
  admin('POST /api/audit/verify', () => ({ url: '/api/audit/verify' })),
  send('PUT /api/areas/:id/responsible', ['administrator'], 'no', () => ({
    url: '/api/areas/east/responsible',
    body: { responsible: [] },
  })),
  get('/api/queue/files/:id', '/api/queue/files/Tp1', { west: 'hidden' }),
  get('/api/queue/files/:id/steps', '/api/queue/files/Tp1/steps', { west: 'hidden' }),
  step('assign', 'new', PLANNERS, { assignee: 'o1' }),
  step('claim', 'new', ['officer']),
  step('extend-lease', 'claimed', ['officer']),
  step('release', 'claimed', ['officer', ...OVERSEERS]),
  step('depart', 'claimed', ['officer']),
  step('submit', 'claimed', ['officer'], { finding: form.form, findingId: 'F-matrix' }),
  step('approve', 'submitted', ['reviewer']),
  step('return', 'submitted', ['reviewer'], later),
  step('ask-extension', 'claimed', ['officer'], later),
  step('grant-extension', 'claimed', ['reviewer', ...OVERSEERS], later),
  step('bad-imagery', 'claimed', ['officer', 'analyst'], reason),
  step('unreachable', 'claimed', ['officer'], reason),
  step('reopen', 'closed', OVERSEERS, reason),
  step('open-case', 'verdict', ['reviewer']),
  step('close', 'verdict', ['reviewer']),
  step('take-off', 'new', PLANNERS, reason),
  step('hand-over', 'new', ['officer'], { assignee: 'o2' }),
  {
    ...step('merge', 'new', PLANNERS),
    ask: async ({ revision }) => ({
      url: '/api/queue/files/Tp1/merge',
      headers: { 'if-match': `"${await revision('Tp1')}"` },
      body: { ...reason, tasks: [{ taskId: 'Tp3', revision: await revision('Tp3') }] },
    }),
  },
  step('split', 'new', PLANNERS, { ...reason, parts: 'pieces' }),

  get('/api/finding-form', '/api/finding-form'),
  get('/api/tasks/:id/findings', '/api/tasks/Tp1/findings', { west: 'hidden' }),
  send('POST /api/tasks/:id/finding-check', ALL, 'hidden', () => ({ url: '/api/tasks/Tp1/finding-check', body: form })),
  get('/api/findings/:id/offender', '', {
    own: ['officer', 'reviewer', 'supervisor'],
    west: 'hidden',
    ask: ({ findingId }) => ({ url: `/api/findings/${findingId}/offender` }),
  }),
  get('/api/drafts', '/api/drafts'),
  send('PUT /api/drafts/:id', ALL, 'hidden', () => ({ url: '/api/drafts/D1', body: { ...form, taskId: 'Tp1' } })),
  self('DELETE /api/drafts/:id', () => ({ url: '/api/drafts/D1' })),
  get('/api/tasks/:id/evidence', '/api/tasks/Tp1/evidence', { west: 'hidden' }),
  send(
    'POST /api/tasks/:id/evidence',
    ['officer', 'reviewer', 'analyst', 'supervisor'],
    'hidden',
    async () => ({
      url: '/api/tasks/Tp1/evidence',
      ...multipart([['file', { file: 'a.jpg', bytes: await photo({ shade: 9 }) }]]),
    }),
    { roleFirst: true },
  ),
  get('/api/evidence/:id/preview', '', {
    west: 'hidden',
    ask: ({ evidenceId }) => ({ url: `/api/evidence/${evidenceId}/preview?px=32` }),
  }),
  get('/api/evidence/:id/original', '', {
    west: 'hidden',
    ask: ({ evidenceId }) => ({ url: `/api/evidence/${evidenceId}/original` }),
  }),
  get('/api/tasks/:id/verdicts', '/api/tasks/Tp1/verdicts', { west: 'hidden' }),
  send('POST /api/tasks/:id/verdict-check', ALL, 'hidden', () => ({
    url: '/api/tasks/Tp1/verdict-check',
    body: parts,
  })),
  send('POST /api/tasks/:id/opinions', ['reviewer'], 'hidden', () => ({ url: '/api/tasks/Tp1/opinions', body: parts })),
  send('POST /api/tasks/:id/bundle', ALL, 'hidden', () => ({ url: '/api/tasks/Tp1/bundle' })),
  get('/api/codes', '/api/codes'),
  get('/api/codes/versions', '/api/codes/versions'),
  admin('PUT /api/codes', async ({ api }) => {
    const { codes, version } = (await api.ask('ad', 'GET', '/api/codes')).json();
    return { url: '/api/codes', body: { codes, note: 'matrix' }, headers: { 'if-match': `"${version}"` } };
  }),
  get('/api/notices', '/api/notices'),
  self('POST /api/notices/seen', () => ({ url: '/api/notices/seen', body: { ids: ['N-none'] } })),

  get('/api/rounds', '/api/rounds'),
  send('POST /api/rounds', ['officer', ...PLANNERS], 'same', () => ({
    url: '/api/rounds',
    body: { start: [106.3, 29.4], hours: 6 },
    headers: key(),
  })),
  // Made by the analyst for the officer: theirs, and of those who see everything.
  get('/api/rounds/:id', '', {
    ...ROUND,
    ask: async ({ roundId }) => ({ url: `/api/rounds/${await roundId()}` }),
  }),
  send(
    'POST /api/rounds/:id/depart',
    ROUND.own,
    'hidden',
    async ({ roundId }) => ({ url: `/api/rounds/${await roundId()}/depart` }),
    ROUND,
  ),
  send(
    'POST /api/rounds/:id/cancel',
    ['analyst'],
    'hidden',
    async ({ roundId }) => ({ url: `/api/rounds/${await roundId()}/cancel` }),
    {
      ...ROUND,
      own: ['analyst'],
    },
  ),

  // Each of what he may see; a workbook of nobody's tasks, which every row of it would say.
  self('POST /api/lists', () => ({ url: '/api/lists', body: { format: 'csv', quarter: '2026Q3' } })),
  self('POST /api/lists/read-back', () => {
    const { payload, headers } = multipart([['file', { file: 'a.xlsx', bytes: Buffer.from('no workbook') }]]);
    return { url: '/api/lists/read-back', payload, headers };
  }),

  get('/api/pits', '/api/pits'),
  get('/api/pits/misses', '/api/pits/misses?quarter=2026Q3'),
  // Says of whoever may not report there that he may not.
  self('POST /api/pits/check', () => ({ url: '/api/pits/check', body: pit })),
  send('POST /api/pits', ['officer', 'reviewer', 'analyst', 'supervisor'], 'no', () => ({
    url: '/api/pits',
    body: { ...pit, note: '新坑', seenOn: '2026-09-01' },
    headers: key(),
  })),
  get('/api/second-looks', '/api/second-looks'),
  get('/api/second-looks/draws', '/api/second-looks/draws', { own: ['supervisor'] }),
  send(
    'POST /api/second-looks/draws',
    ['supervisor'],
    'same',
    () => ({ url: '/api/second-looks/draws', body: { quarter: '2026Q3', count: 1, looker: 'o2' }, headers: key() }),
    { reached: ['supervision.none'] },
  ),
  get('/api/second-looks/report', '/api/second-looks/report', { own: ['supervisor'] }),
  get('/api/second-looks/:id', '', { ...LOOK, ask: ({ lookId }) => ({ url: `/api/second-looks/${lookId}` }) }),
  get('/api/second-looks/:id/:date.png', '', {
    ...LOOK,
    ask: ({ lookId }) => ({ url: `/api/second-looks/${lookId}/after.png` }),
  }),
  send(
    'POST /api/second-looks/:id/answer',
    ['reviewer'],
    'hidden',
    ({ lookId }) => ({ url: `/api/second-looks/${lookId}/answer`, body: { code: 'legal', note: '已复垦' } }),
    { hiddenFrom: LOOK.hiddenFrom },
  ),

  get('/api/sign-in', '/api/sign-in', { open: true }),
  self('POST /api/sign-in', () => ({ url: '/api/sign-in', body: { login: 'no-such', password: 'not this one' } }), {
    open: true,
    reached: ['sign-in.refused', 'sign-in.wait'],
  }),
  self('POST /api/sign-in/renew', () => ({ url: '/api/sign-in/renew', body: { password: 'not this one' } }), {
    reached: ['sign-in.refused', 'sign-in.wait'],
  }),
  get('/api/me', '/api/me'),
  self(
    'POST /api/me/password',
    () => ({ url: '/api/me/password', body: { old: 'wrong', fresh: 'another long phrase' } }),
    {
      reached: ['password.wrong'],
    },
  ),
  self('POST /api/me/totp', () => ({ url: '/api/me/totp' })),
  self('POST /api/me/totp/confirm', () => ({ url: '/api/me/totp/confirm', body: { code: '000000' } }), {
    reached: ['totp.none'],
  }),
  self('POST /api/me/sign-out-everywhere', () => ({ url: '/api/me/sign-out-everywhere', body: { tokens: false } }), {
    ends: true,
  }),
  self('POST /api/sign-out', () => ({ url: '/api/sign-out' }), { ends: true }),
  self('POST /api/me/tokens', () => ({ url: '/api/me/tokens', body: { name: 't', scope: ['tasks.read'], days: 1 } })),
  self('DELETE /api/tokens/:id', () => ({ url: '/api/tokens/none' }), { reached: ['token.none'] }),
  get('/api/people', '/api/people'),
  get('/api/people/:id', '/api/people/o2'),
  get('/api/teams', '/api/teams'),
  get('/api/areas', '/api/areas'),
  admin('POST /api/people', () => ({ url: '/api/people', body: { login: `new${++keys}`, name: '新' } })),
  admin('PATCH /api/people/:id', () => ({ url: '/api/people/o2', body: { name: '东二' } })),
  admin('POST /api/people/:id/grants', () => ({ url: '/api/people/o2/grants', body: grant })),
  admin('POST /api/people/:id/revoke', () => ({ url: '/api/people/o2/revoke', body: grant }), {
    reached: ['grant.none'],
  }),
  admin('POST /api/people/:id/disable', () => ({ url: '/api/people/o2/disable' })),
  admin('POST /api/people/:id/enable', () => ({ url: '/api/people/o2/enable' })),
  admin('POST /api/people/:id/password', () => ({ url: '/api/people/o2/password', body: {} })),
  admin('POST /api/people/:id/totp-off', () => ({ url: '/api/people/o2/totp-off' }), { reached: ['totp.none'] }),
  admin('POST /api/people/:id/sign-out-everywhere', () => ({
    url: '/api/people/o2/sign-out-everywhere',
    body: { tokens: false },
  })),
  admin('POST /api/teams', () => ({ url: '/api/teams', body: { name: `队${++keys}` } })),
  admin('PUT /api/teams/:id/members/:person', () => ({ url: '/api/teams/t1/members/o2' })),
  admin('DELETE /api/teams/:id/members/:person', () => ({ url: '/api/teams/t1/members/o2' })),

  // Of what counts in every area: for those with a role for everywhere.
  admin('GET /api/learning', () => ({ url: '/api/learning' })),
  admin('POST /api/learning/proposals', () => ({ url: '/api/learning/proposals', body: { k: 20 } })),
  admin('GET /api/learning/proposals/:id', () => ({ url: '/api/learning/proposals/none' }), {
    reached: ['learning.none'],
  }),
  admin('GET /api/learning/proposals/:id/preview', () => ({ url: '/api/learning/proposals/none/preview' }), {
    reached: ['learning.none'],
  }),
  admin('POST /api/learning/proposals/:id/adopt', () => ({ url: '/api/learning/proposals/none/adopt', body: reason }), {
    reached: ['learning.none'],
  }),
  admin('POST /api/learning/revert', () => ({ url: '/api/learning/revert', body: { ...reason, hash: 'none' } }), {
    reached: ['learning.unknown'],
  }),
  // Of one's own files; of all of them for supervisors and administrators of everywhere.
  get('/api/exports', '/api/exports'),
  admin('GET /api/reading', () => ({ url: '/api/reading?from=2026-10-01T00:00:00Z&until=2026-12-31T00:00:00Z' })),
  get('/api/calendar', '/api/calendar'),
  admin('POST /api/calendar', () => ({ url: '/api/calendar', body: { text: '2027-01-01,休', source: '通知' } })),
  get('/api/settings', '/api/settings'),
];
