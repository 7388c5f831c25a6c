/** People, teams and areas. Who may change them is the port's to say (administrators), with row-level security behind it. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { REVIEW_LEVELS, ROLES } from '../../model/person.js';
import type { PersonChange, PersonWish } from '../../ports/people.js';
import { instant } from '../nouns.js';
import type { PeopleParts } from '../parts.js';
import { actorOf } from '../who.js';

const READ = { right: 'people.read' } as const;
const CHANGE = { right: 'people.change' } as const;
const ENDS = { right: 'people.change', key: 'never' } as const;
/** For a person who signed in, never for a token. A made password stands in the answer: it is never kept. */
const SECRET = { right: null, key: 'never' } as const;

export const grantSchema = z
  .object({
    role: z.enum(ROLES),
    level: z.enum(REVIEW_LEVELS).nullable().meta({ description: 'which review a reviewer gives' }),
    areaId: z.string().nullable().meta({ description: 'null = everywhere' }),
  })
  .meta({ id: 'Grant' });
const personSchema = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    kind: z.enum(['person', 'cron']),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    disabledAt: instant.nullable(),
    madeAt: instant,
    teams: z.array(z.string()).readonly(),
    grants: z.array(grantSchema).readonly().meta({ description: 'empty where the one who asks may not know' }),
  })
  .meta({ id: 'Person' });
const teamSchema = z
  .object({ id: z.string(), name: z.string(), members: z.array(z.string()).readonly() })
  .meta({ id: 'Team' });
const areaSchema = z
  .object({ id: z.string(), name: z.string(), inLayer: z.boolean(), people: z.int().nullable() })
  .meta({ id: 'Area' });
const contact = z.string().max(300).nullable().optional();
const personBody = z.object({
  login: z.string().max(200),
  name: z.string().max(300),
  kind: z.enum(['person', 'cron']).optional(),
  phone: contact,
  email: contact,
  grants: z.array(grantSchema).max(100).optional(),
});
const changeBody = z.object({ name: z.string().max(300).optional(), phone: contact, email: contact });
const byId = z.object({ id: z.string() });
const member = z.object({ id: z.string(), person: z.string() });

/** Absent is not the same as undefined in the program's types. */
function given<T extends object>(body: object): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
}

export function peopleRoutes({ people, credentials }: PeopleParts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/people',
      {
        config: READ,
        schema: { summary: '人员 (people)', response: { 200: z.object({ people: z.array(personSchema) }) } },
      },
      async (request) => ({ people: await people.list(actorOf(request)) }),
    );
    app.get(
      '/people/:id',
      { config: READ, schema: { summary: '一个人 (a person)', params: byId, response: { 200: personSchema } } },
      (request) => people.show(actorOf(request), request.params.id),
    );
    app.post(
      '/people',
      {
        config: CHANGE,
        schema: { summary: '新建用户 (make a person)', body: personBody, response: { 201: personSchema } },
      },
      async (request, reply) =>
        reply.code(201).send(await people.add(actorOf(request), given<PersonWish>(request.body))),
    );
    app.patch(
      '/people/:id',
      {
        config: CHANGE,
        schema: {
          summary: '更改姓名、联系方式 (change name, contacts)',
          params: byId,
          body: changeBody,
          response: { 200: personSchema },
        },
      },
      (request) => people.change(actorOf(request), request.params.id, given<PersonChange>(request.body)),
    );
    const grants = { config: CHANGE, schema: { params: byId, body: grantSchema, response: { 200: personSchema } } };
    app.post(
      '/people/:id/grants',
      { ...grants, schema: { ...grants.schema, summary: '授予角色 (grant a role)' } },
      (request) => people.grant(actorOf(request), request.params.id, request.body),
    );
    app.post(
      '/people/:id/revoke',
      { ...grants, schema: { ...grants.schema, summary: '收回角色 (take a role away)' } },
      (request) => people.revoke(actorOf(request), request.params.id, request.body),
    );
    for (const verb of ['disable', 'enable'] as const) {
      const summary = verb === 'disable' ? '停用 (disable; ends sessions and tokens)' : '启用 (enable)';
      app.post(
        `/people/:id/${verb}`,
        { config: CHANGE, schema: { summary, params: byId, response: { 200: personSchema } } },
        (request) => people[verb](actorOf(request), request.params.id),
      );
    }
    app.post(
      '/people/:id/password',
      {
        config: SECRET,
        schema: {
          summary: '生成初始密码，只显示一次；须刚刚登录 (make a password, shown once; after a fresh sign-in)',
          params: byId,
          response: { 200: z.object({ password: z.string() }) },
        },
      },
      async (request) => ({
        password: (await credentials.setPassword(actorOf(request), request.params.id, null)) ?? '',
      }),
    );
    app.post(
      '/people/:id/totp-off',
      {
        config: SECRET,
        schema: {
          summary: '停用动态口令；须刚刚登录 (end one-time codes; after a fresh sign-in)',
          params: byId,
          response: { 200: personSchema },
        },
      },
      async (request) => {
        await credentials.endTotp(actorOf(request), request.params.id);
        return people.show(actorOf(request), request.params.id);
      },
    );
    app.post(
      '/people/:id/sign-out-everywhere',
      {
        config: ENDS,
        schema: {
          summary: '结束其所有会话 (end all sessions of a person)',
          params: byId,
          body: z.object({ tokens: z.boolean() }),
          response: { 200: z.object({ ended: z.int() }) },
        },
      },
      async (request) => ({
        ended: await credentials.signOutEverywhere(actorOf(request), request.params.id, request.body.tokens),
      }),
    );
    app.get(
      '/teams',
      {
        config: READ,
        schema: { summary: '队伍 (teams)', response: { 200: z.object({ teams: z.array(teamSchema) }) } },
      },
      async (request) => ({ teams: await people.teams(actorOf(request)) }),
    );
    app.post(
      '/teams',
      {
        config: CHANGE,
        schema: {
          summary: '新建队伍 (make a team)',
          body: z.object({ name: z.string().max(300) }),
          response: { 201: teamSchema },
        },
      },
      async (request, reply) => reply.code(201).send(await people.addTeam(actorOf(request), request.body.name)),
    );
    app.put(
      '/teams/:id/members/:person',
      { config: CHANGE, schema: { summary: '加入队伍 (join)', params: member, response: { 200: teamSchema } } },
      (request) => people.join(actorOf(request), request.params.id, request.params.person),
    );
    app.delete(
      '/teams/:id/members/:person',
      { config: CHANGE, schema: { summary: '离开队伍 (leave)', params: member, response: { 200: teamSchema } } },
      (request) => people.leave(actorOf(request), request.params.id, request.params.person),
    );
    app.get(
      '/areas',
      {
        config: READ,
        schema: { summary: '区域 (areas)', response: { 200: z.object({ areas: z.array(areaSchema) }) } },
      },
      async (request) => ({ areas: await people.areas(actorOf(request)) }),
    );
  };
}
