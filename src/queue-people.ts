/** People: the checks of the core around the rows of a turn, each change on record. A person's turn, or the console's. */
import { randomBytes } from 'node:crypto';
import { areaBy, areaRows } from './adapters/postgres/areas.js';
import { endSessions, signedInBy } from './adapters/postgres/credentials.js';
import * as rows from './adapters/postgres/people.js';
import { Fault } from './model/fault.js';
import { normalLogin } from './model/login.js';
import { type Grant, hasRole } from './model/person.js';
import type { Desk, EngineDesk, Turn } from './ports/desk.js';
import type { People, PersonEntry, PersonWish, Team } from './ports/people.js';
import {
  administers,
  parseContact,
  parseGrant,
  parseName,
  parseWish,
  refuseFirstWithoutRights,
  refuseLastAdministrator,
  refuseUnfresh,
  refuseUnlessAdministrator,
  SYSTEM,
} from './stages/administer/administer.js';

/** The owner of the workspace at its console: may do what an administrator may, also while there is none. */
export const CONSOLE_ACTOR = { personId: SYSTEM, device: 'console' } as const;

/** The desk of the console: its turns are the engine's. For the command line alone. */
export function consoleDesk(desk: EngineDesk): Desk {
  return {
    as: (actor, work, ways) =>
      actor.personId === SYSTEM ? desk.engine(CONSOLE_ACTOR.device, work, ways) : desk.as(actor, work, ways),
  };
}

const newId = (letter: string) => `${letter}${randomBytes(8).toString('hex')}`;

export function createPeople(desk: Desk): People {
  /** A change of one person by an administrator. */
  const change = (
    actor: Parameters<People['show']>[0],
    person: string,
    work: (turn: Turn, entry: PersonEntry) => Promise<object | null>,
    action: string,
  ): Promise<PersonEntry> =>
    desk.as(actor, async (turn) => {
      refuseUnlessAdministrator(turn.member);
      const entry = await onePerson(turn, person);
      if (entry.grants.some(isAdministrator)) await refuseOldSignIn(turn);
      const body = await work(turn, entry);
      if (body === null) return entry;
      turn.record({ action, subject: `person:${entry.id}`, body });
      return onePerson(turn, entry.id);
    });
  const member = async (
    actor: Parameters<People['show']>[0],
    [team, person]: readonly [string, string],
    put: typeof rows.insertMember,
    action: string,
  ): Promise<Team> =>
    desk.as(actor, async (turn) => {
      refuseUnlessAdministrator(turn.member);
      const found = await oneTeam(turn, team);
      const entry = await onePerson(turn, person);
      const changed = await put(turn.sql, found.id, entry.id);
      if (changed) turn.record({ action, subject: `team:${found.id}`, body: { person: entry.id } });
      return oneTeam(turn, found.id);
    });

  return {
    list: (actor) => desk.as(actor, ({ sql }) => rows.persons(sql)),
    show: (actor, person) => desk.as(actor, (turn) => onePerson(turn, person)),
    add: (actor, wish) => desk.as(actor, (turn) => add(turn, wish)),
    change: (actor, person, wish) =>
      change(
        actor,
        person,
        async ({ sql }, entry) => {
          const after = {
            name: wish.name === undefined ? entry.name : parseName(wish.name, '姓名 (name) '),
            phone: wish.phone === undefined ? entry.phone : parseContact(wish.phone, 'phone'),
            email: wish.email === undefined ? entry.email : parseContact(wish.email, 'email'),
          };
          const fields = (['name', 'phone', 'email'] as const).filter((field) => after[field] !== entry[field]);
          if (fields.length === 0) return null;
          await rows.updatePerson(sql, entry.id, after);
          return { fields };
        },
        'person.change',
      ),
    grant: (actor, person, wish) =>
      change(
        actor,
        person,
        async (turn, entry) => {
          const grant = await knownGrant(turn, parseGrant(wish, entry.kind));
          if (isAdministrator(grant)) await refuseOldSignIn(turn);
          return (await rows.insertGrant(turn.sql, entry.id, grant)) ? grant : null;
        },
        'person.grant',
      ),
    revoke: (actor, person, wish) =>
      change(
        actor,
        person,
        async (turn, entry) => {
          const grant = await knownGrant(turn, wish);
          if (grant.role === 'administrator' && grant.areaId === null) await refuseIfLast(turn, entry);
          if (await rows.deleteGrant(turn.sql, entry.id, grant)) return grant;
          throw new Fault('grant.none', `“${entry.login}”没有这个角色 (this person has no such role)`);
        },
        'person.revoke',
      ),
    disable: (actor, person) =>
      change(
        actor,
        person,
        async (turn, entry) => {
          if (entry.disabledAt !== null) return null;
          if (administers({ id: entry.id, grants: entry.grants })) await refuseIfLast(turn, entry);
          await rows.setDisabled(turn.sql, entry.id, true);
          return { ended: await endSessions(turn.sql, entry.id, true) };
        },
        'person.disable',
      ),
    enable: (actor, person) =>
      change(
        actor,
        person,
        async ({ sql }, entry) => {
          if (entry.disabledAt === null) return null;
          await rows.setDisabled(sql, entry.id, false);
          return {};
        },
        'person.enable',
      ),
    teams: (actor) => desk.as(actor, ({ sql }) => rows.teamRows(sql)),
    addTeam: (actor, text) =>
      desk.as(actor, async (turn) => {
        refuseUnlessAdministrator(turn.member);
        const name = parseName(text, '队伍名称 (name of a team) ');
        const id = newId('G');
        if (!(await rows.insertTeam(turn.sql, id, name))) {
          throw new Fault('team.taken', `已有名为“${name}”的队伍 (there is a team of that name)`);
        }
        turn.record({ action: 'team.add', subject: `team:${id}` });
        return oneTeam(turn, id);
      }),
    join: (actor, ...who) => member(actor, who, rows.insertMember, 'team.join'),
    leave: (actor, ...who) => member(actor, who, rows.deleteMember, 'team.leave'),
    areas: (actor) =>
      desk.as(actor, ({ sql, member }) => areaRows(sql, administers(member) || hasRole(member, 'supervisor', []))),
  };
}

async function add(turn: Turn, wish: PersonWish): Promise<PersonEntry> {
  refuseUnlessAdministrator(turn.member);
  const { login, name, kind, grants } = parseWish(wish);
  if (grants.some(isAdministrator)) await refuseOldSignIn(turn);
  const known: Grant[] = [];
  for (const grant of grants) known.push(await knownGrant(turn, grant));
  refuseFirstWithoutRights({ login, name, kind, grants: known }, await rows.peopleMade(turn.sql));
  const person = {
    id: newId('U'),
    login,
    name,
    kind,
    phone: parseContact(wish.phone, 'phone'),
    email: parseContact(wish.email, 'email'),
  };
  if (!(await rows.insertPerson(turn.sql, person))) {
    throw new Fault('person.taken', `登录名“${login}”已被使用 (this login is taken)`);
  }
  for (const grant of known) await rows.insertGrant(turn.sql, person.id, grant);
  turn.record({ action: 'person.add', subject: `person:${person.id}`, body: { login, kind, grants: known } });
  return onePerson(turn, person.id);
}

const isAdministrator = ({ role }: Grant) => role === 'administrator';

async function refuseOldSignIn({ sql }: Turn): Promise<void> {
  refuseUnfresh(await signedInBy(sql));
}

async function refuseIfLast(turn: Turn, entry: PersonEntry): Promise<void> {
  refuseLastAdministrator(await rows.otherAdministrators(turn.sql, entry.id));
}

async function onePerson({ sql }: Turn, loginOrId: string): Promise<PersonEntry> {
  const entry = (await rows.personBy(sql, loginOrId)) ?? (await rows.personBy(sql, normalLogin(loginOrId)));
  if (entry) return entry;
  throw new Fault(
    'person.none',
    `没有登录名为“${loginOrId}”的用户；用 tuban user list 查看 (no person of that login; see tuban user list)`,
  );
}

async function oneTeam({ sql }: Turn, nameOrId: string): Promise<Team> {
  const team = await rows.teamBy(sql, nameOrId.normalize('NFC').trim());
  if (team) return team;
  throw new Fault('team.none', `没有名为“${nameOrId}”的队伍；用 tuban team list 查看 (no team of that name)`);
}

/** With the area's id, where the wish has its name. */
async function knownGrant({ sql }: Turn, grant: Grant): Promise<Grant> {
  if (grant.areaId === null) return grant;
  const area = await areaBy(sql, grant.areaId);
  if (area === 'many') {
    throw new Fault('area.many', `多个区域名为“${grant.areaId}”，请用编号 (several areas have this name: use the id)`);
  }
  if (area) return { ...grant, areaId: area.id };
  throw new Fault(
    'area.none',
    `没有编号或名称为“${grant.areaId}”的区域；区域来自 admin 图层：tuban layer import admin 文件，再用 tuban area list 查看 (no such area; areas come from the admin layer)`,
  );
}
