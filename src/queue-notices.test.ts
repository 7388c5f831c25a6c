/** From clocks to messages that left, over a real mail server and a real webhook receiver. */
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officialDays } from './adapters/calendar/official-days.js';
import { sendMail } from './adapters/mail/smtp.js';
import { createDesk } from './adapters/postgres/desk.js';
import { postWebhook, webhookSignature } from './adapters/webhook/post.js';
import { queueSettingsSchema } from './model/queue-settings.js';
import type { Channels, NoticeParts } from './queue-notices.js';
import { createNotices, notify, tellPeople } from './queue-notices.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const GROUND = `
INSERT INTO tuban.area (id, name) VALUES ('east', '东镇');
INSERT INTO tuban.person (id, login, name, email) VALUES ('o', 'o', '办', 'o@example.invalid'), ('s', 's', '督', NULL);
INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('o', 'officer', 'east'), ('s', 'supervisor', NULL);
INSERT INTO tuban.site (id, first_quarter, geom) VALUES ('p1', '2026Q3', ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490));
INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body) VALUES ('Tp1', '2026Q3', 'p1', 'p1', 1, 50, 'new', '{}');
INSERT INTO tuban.task_file (task_id, quarter, state, rank, score, violations, area_m2, areas, assignee, deadline)
  VALUES ('Tp1', '2026Q3', 'assigned', 1, 50, '{}', 1, '{east}', 'o', '2026-11-24')`;

/** Takes mail as SMTP servers do, and keeps it. */
function mailServer(mails: string[]): Server {
  return createTcp((socket) => {
    let reading = '';
    let inData = false;
    socket.write('220 test\r\n');
    socket.on('data', (bytes) => {
      reading += bytes.toString();
      for (;;) {
        const end = inData ? reading.indexOf('\r\n.\r\n') : reading.indexOf('\r\n');
        if (end < 0) return;
        const piece = reading.slice(0, end);
        reading = reading.slice(end + (inData ? 5 : 2));
        if (inData) mails.push(piece);
        const starts = !inData && /^DATA/i.test(piece);
        inData = starts;
        socket.write(starts ? '354 go\r\n' : /^QUIT/i.test(piece) ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
    socket.on('error', () => undefined);
  });
}

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let now = '2026-11-27T01:00:00.000Z';
  const mails: string[] = [];
  const posts: { body: string; signature: string }[] = [];
  let hookStatus = 500;
  const smtp = mailServer(mails);
  const hook = createHttp((request, answer) => {
    let body = '';
    request.on('data', (bytes) => {
      body += String(bytes);
    });
    request.on('end', () => {
      posts.push({ body, signature: String(request.headers['tuban-signature']) });
      answer.writeHead(hookStatus).end();
    });
  });
  let parts: NoticeParts;

  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    for (const statement of GROUND.split(';\n')) await workspace.database.query(statement);
    await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
    await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening));
    const url = `smtp://127.0.0.1:${(smtp.address() as AddressInfo).port}`;
    const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const channels: Channels = {
      mail: (to, subject, text) => sendMail({ url, from: 'tuban@example.invalid' }, { to, subject, text }),
      webhook: (message, at) => postWebhook({ url: hookUrl, secret: 'k' }, message, Math.floor(Date.parse(at) / 1000)),
    };
    const calendar = new Map(officialDays().map((year) => [year.year, year]));
    parts = {
      desk: createDesk(workspace.database, () => now),
      title: '甲县',
      settings: queueSettingsSchema.parse({}),
      calendar: async () => calendar,
      channels,
    };
  });
  afterAll(async () => {
    smtp.close();
    hook.close();
    await workspace.close();
  });
  const tell = () => tellPeople(parts, new AbortController().signal);

  it('tells the assignee and, three working days late, the supervisor; keeps what a channel refused and tries again', async () => {
    expect(await tell()).toEqual({ made: 2, sent: 1, failed: 2 });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('To: o@example.invalid');
    expect(mails[0]).not.toContain('Tp1');
    hookStatus = 204;
    expect(await tell()).toEqual({ made: 0, sent: 0, failed: 0 });
    now = '2026-11-27T01:02:00.000Z';
    posts.length = 0;
    expect(await tell()).toEqual({ made: 0, sent: 2, failed: 0 });
    for (const { body, signature } of posts) {
      const t = Number(/t=(\d+)/.exec(signature)?.[1]);
      expect(signature).toBe(webhookSignature('k', t, body));
      expect(body).not.toContain('Tp1');
    }
    expect(posts.map(({ body }) => JSON.parse(body).counts)).toEqual(
      expect.arrayContaining([{ overdue: 1 }, { escalated: 1 }]),
    );
  });

  it('says the same thing once, and shows each person his own notices only', async () => {
    now = '2026-11-27T02:00:00.000Z';
    expect(await tell()).toEqual({ made: 0, sent: 0, failed: 0 });
    const notices = createNotices(parts.desk);
    const mine = await notices.mine({ personId: 'o', device: 'x' }, { unseen: true, limit: 10 });
    expect(mine.map(({ kind, taskId, dueOn }) => [kind, taskId, dueOn])).toEqual([['overdue', 'Tp1', '2026-11-24']]);
    const other = { personId: 's', device: 'x' };
    expect(
      await notices.seen(
        other,
        mine.map(({ id }) => id),
      ),
    ).toBe(0);
    expect(
      await notices.seen(
        { personId: 'o', device: 'x' },
        mine.map(({ id }) => id),
      ),
    ).toBe(1);
  });

  it('lets who acts on a file tell others of it, and nobody of files he does not see', async () => {
    const tellOf = (taskId: string) =>
      parts.desk.as({ personId: 'o', device: 'x' }, (turn) =>
        notify(turn, [{ personId: 's', kind: 'extension-asked', taskId, dueOn: null }]),
      );
    await tellOf('Tp1');
    expect(
      await createNotices(parts.desk).mine({ personId: 's', device: 'x' }, { unseen: true, limit: 10 }),
    ).toHaveLength(2);
    await expect(tellOf('Tother')).rejects.toThrow(/row-level security/);
  });
}

describe('notices on the embedded database', () => holds(async () => null));
withPostgres('notices on a server', () => holds(freshDatabase));
