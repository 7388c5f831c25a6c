/**
 * tuban user …: people, their rights and their ways in. Without --as it is the console of the workspace's owner that acts, who may do what an
 * administrator may, also while there is none; the record says so.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { createDesk } from '../adapters/postgres/desk.js';
import { Fault } from '../model/fault.js';
import {
  type Actor,
  type Grant,
  REVIEW_LEVEL_WORDS,
  REVIEW_LEVELS,
  type ReviewLevel,
  ROLE_WORDS,
  ROLES,
  type Role,
} from '../model/person.js';
import type { PersonEntry, PersonWish } from '../ports/people.js';
import { type QueueAccess, queueAccess } from '../queue-access.js';
import { CONSOLE_ACTOR, consoleDesk } from '../queue-people.js';
import { actorOf } from './as-person.js';
import type { CommandContext, Register } from './command.js';
import { PASSWORD_STDIN, STDIN } from './input.js';
import { table } from './table.js';

export const JSON_OPTION = ['--json', '输出 JSON (print JSON)'] as const;
const LOGIN = ['<LOGIN>', '登录名或编号 (login or id)'] as const;

export interface Json {
  readonly json?: boolean;
}
interface GrantOptions extends Json {
  readonly role?: Role;
  readonly level?: ReviewLevel;
  readonly area?: string;
}
interface AddOptions extends GrantOptions {
  readonly name: string;
  readonly phone?: string;
  readonly email?: string;
  readonly program?: boolean;
}

/** Everything about people, and for whom the command acts. */
export async function accessOf(context: CommandContext): Promise<QueueAccess & { readonly actor: Actor }> {
  const workspace = await context.workspace();
  const actor = context.person() === null ? CONSOLE_ACTOR : await actorOf(context);
  return { ...queueAccess(workspace, consoleDesk(createDesk(workspace.database))), actor };
}

export const register: Register = (program, context) => {
  const user = program.command('user').description('人员与权限 (people and their rights)');
  const say = (entry: PersonEntry, { json }: Json) =>
    context.session.out(json ? `${JSON.stringify(entry)}\n` : describe(entry));
  withGrant(
    user
      .command('add')
      .description('新建用户；第一个须为全域管理员 (make a person; the first one an administrator of everywhere)')
      .argument('<LOGIN>', '登录名 (login)')
      .requiredOption('--name <NAME>', '姓名 (name)')
      .option('--phone <NUMBER>', '电话 (phone)')
      .option('--email <ADDRESS>', '电子邮箱 (e-mail)')
      .option('--program', '程序用户，只用令牌 (a program; tokens only)')
      .option(...JSON_OPTION),
  ).action(async (login: string, options: AddOptions) => {
    const { people, actor } = await accessOf(context);
    const { name, phone, email, program: isProgram } = options;
    const wish: PersonWish = {
      login,
      name,
      kind: isProgram ? 'cron' : 'person',
      phone: phone ?? null,
      email: email ?? null,
      grants: options.role === undefined ? [] : [grantOf(options.role, options)],
    };
    say(await people.add(actor, wish), options);
    if (!isProgram) {
      context.session.err(`接着设置密码：tuban user password ${login} (then set a password)\n`);
    }
  });
  user
    .command('list')
    .description('列出用户 (list people)')
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => {
      const { people, actor } = await accessOf(context);
      list(await people.list(actor), json ?? false, context);
    });
  user
    .command('show')
    .description('一个用户的角色、队伍 (roles and teams of a person)')
    .argument(...LOGIN)
    .option(...JSON_OPTION)
    .action(async (login: string, options: Json) => {
      const { people, actor } = await accessOf(context);
      say(await people.show(actor, login), options);
    });
  for (const verb of ['grant', 'revoke'] as const) {
    withGrant(
      user
        .command(verb)
        .description(verb === 'grant' ? '授予角色 (grant a role)' : '收回角色 (take a role away)')
        .argument(...LOGIN)
        .option(...JSON_OPTION),
      true,
    ).action(async (login: string, options: GrantOptions & { role: Role }) => {
      const { people, actor } = await accessOf(context);
      say(await people[verb](actor, login, grantOf(options.role, options)), options);
    });
  }
  for (const verb of ['disable', 'enable'] as const) {
    user
      .command(verb)
      .description(
        verb === 'disable' ? '停用，会话和令牌即告结束 (disable; ends sessions and tokens)' : '启用 (enable)',
      )
      .argument(...LOGIN)
      .option(...JSON_OPTION)
      .action(async (login: string, options: Json) => {
        const { people, actor } = await accessOf(context);
        say(await people[verb](actor, login), options);
      });
  }
  secrets(user, context);
};

interface PasswordOptions extends Json {
  readonly file?: string;
  readonly passwordStdin?: boolean;
}

interface TotpOptions extends Json {
  readonly confirm?: string;
  readonly off?: boolean;
}

function secrets(user: Command, context: CommandContext): void {
  const { session } = context;
  const say = (json: boolean | undefined, value: object, text: string) =>
    session.out(json ? `${JSON.stringify(value)}\n` : text);
  user
    .command('password')
    .description('设置密码；缺省为生成初始密码，只显示一次 (set a password; default: one is made and shown once)')
    .argument(...LOGIN)
    .option('--file <FILE>', '从文件第一行读取密码，- 为标准输入 (read it from the first line of a file; - for stdin)')
    .addOption(new Option(PASSWORD_STDIN, '从标准输入读取密码 (read it from stdin)').conflicts('file'))
    .option(...JSON_OPTION)
    .action(async (login: string, { file, passwordStdin, json }: PasswordOptions) => {
      const { credentials, people, actor } = await accessOf(context);
      const piped = passwordStdin || file === STDIN;
      const fresh = piped ? await session.input() : file === undefined ? null : firstLine(resolve(session.cwd, file));
      const made = await credentials.setPassword(actor, login, fresh);
      // What was given is never said again, only what was made here.
      if (json) session.out(`${JSON.stringify({ login: (await people.show(actor, login)).login, made })}\n`);
      else if (made !== null) session.out(`${made}\n`);
      session.err(
        made === null
          ? '已设置密码 (password set)\n'
          : '初始密码如上，只显示这一次，首次登录时须更改 (shown this once; to be changed at the first sign-in)\n',
      );
    });
  user
    .command('totp')
    .description('动态口令：开始设置、确认、停用 (one-time codes: begin, confirm, end)')
    .argument(...LOGIN)
    .option(
      '--confirm <CODE>',
      '用应用里的当前口令确认，得到恢复码；- 为标准输入 (confirm with a code, - for stdin; gives recovery codes)',
    )
    .addOption(new Option('--off', '停用 (end)').conflicts('confirm'))
    .option(...JSON_OPTION)
    .action(async (login: string, { confirm, off, json }: TotpOptions) => {
      const { credentials, actor } = await accessOf(context);
      if (off) {
        await credentials.endTotp(actor, login);
        say(json, { totp: false }, '');
        session.err('已停用动态口令 (one-time codes are off)\n');
      } else if (confirm !== undefined) {
        const code = confirm === STDIN ? await session.input() : confirm;
        const recoveryCodes = await credentials.confirmTotp(actor, login, code);
        say(json, { totp: true, recoveryCodes }, `${recoveryCodes.join('\n')}\n`);
        session.err('已启用；恢复码各用一次，请妥善保存 (on; each recovery code counts once, keep them safe)\n');
      } else {
        const { uri } = await credentials.beginTotp(actor, login);
        say(json, { totp: false, uri }, `${uri}\n`);
        session.err('将此地址输入口令应用，再用 --confirm 确认 (give this to the app, then confirm)\n');
      }
    });
  user
    .command('sign-out')
    .description('结束其所有会话 (end all sessions of a person)')
    .argument(...LOGIN)
    .option('--tokens', '令牌也吊销 (revoke tokens, too)')
    .option(...JSON_OPTION)
    .action(async (login: string, { tokens, json }: Json & { tokens?: boolean }) => {
      const { credentials, actor } = await accessOf(context);
      const ended = await credentials.signOutEverywhere(actor, login, tokens ?? false);
      if (json) session.out(`${JSON.stringify({ login, ended })}\n`);
      session.err(`已结束 ${ended} 个 (ended)\n`);
    });
}

function withGrant(command: Command, mandatory = false): Command {
  const roles = ROLES.map((role) => `${role} ${ROLE_WORDS[role].zh}`).join('、');
  return command
    .addOption(new Option('--role <ROLE>', `角色 (role)：${roles}`).choices(ROLES).makeOptionMandatory(mandatory))
    .addOption(new Option('--level <LEVEL>', '审核级别 (level of a reviewer)').choices(REVIEW_LEVELS))
    .option('--area <AREA>', '区域编号或名称，缺省为全域 (area by id or name; default: everywhere)');
}

function grantOf(role: Role, { level, area }: GrantOptions): Grant {
  return { role, level: level ?? null, areaId: area ?? null };
}

/** Fault user.file. */
function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    throw new Fault('user.file', `读不到文件 ${path} (the file cannot be read)`, { cause });
  }
}

function grantText({ role, level, areaId }: Grant): string {
  const words = level === null ? ROLE_WORDS[role].zh : `${REVIEW_LEVEL_WORDS[level].zh}${ROLE_WORDS[role].zh}`;
  return `${words}（${areaId ?? '全域'}）`;
}

function list(all: readonly PersonEntry[], json: boolean, { session }: CommandContext): void {
  if (json) {
    session.out(`${JSON.stringify({ people: all })}\n`);
    return;
  }
  if (all.length === 0) {
    session.err('还没有用户；用 tuban user add 新建 (no people yet: tuban user add)\n');
    return;
  }
  session.out(
    table(all, [
      { head: '登录名 (login)', cell: ({ login }) => login },
      { head: '姓名 (name)', cell: ({ name }) => name },
      { head: '角色 (roles)', cell: ({ grants }) => grants.map(grantText).join('、') },
      { head: '状态', cell: ({ disabledAt }) => (disabledAt === null ? '' : '已停用 (disabled)') },
    ]),
  );
}

function describe({ id, login, name, kind, phone, email, disabledAt, grants, teams }: PersonEntry): string {
  const lines = [
    ['编号 (id)', id],
    ['登录名 (login)', login],
    ['姓名 (name)', name],
    ...(kind === 'cron' ? [['类别 (kind)', '程序 (program)']] : []),
    ['电话 (phone)', phone ?? '—'],
    ['电子邮箱 (e-mail)', email ?? '—'],
    ['角色 (roles)', grants.map(grantText).join('、') || '—'],
    ['队伍 (teams)', teams.join('、') || '—'],
    ...(disabledAt === null ? [] : [['停用于 (disabled)', disabledAt]]),
  ];
  return lines.map(([head, value]) => `${head}：${value}\n`).join('');
}
