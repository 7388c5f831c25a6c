/** tuban team add | list | join | leave: who goes out together. */
import type { Team } from '../ports/people.js';
import type { Register } from './command.js';
import { table } from './table.js';
import { accessOf, JSON_OPTION, type Json } from './user.js';

export const register: Register = (program, context) => {
  const { session } = context;
  const team = program.command('team').description('队伍 (teams)');
  const say = (entry: Team, { json }: Json) =>
    session.out(
      json ? `${JSON.stringify(entry)}\n` : `${entry.name}（${entry.id}）：${entry.members.length} 人 (members)\n`,
    );
  team
    .command('add')
    .description('新建队伍 (make a team)')
    .argument('<NAME>', '名称 (name)')
    .option(...JSON_OPTION)
    .action(async (name: string, options: Json) => {
      const { people, actor } = await accessOf(context);
      say(await people.addTeam(actor, name), options);
    });
  team
    .command('list')
    .description('列出队伍及成员 (list teams and members)')
    .option(...JSON_OPTION)
    .action(async ({ json }: Json) => {
      const { people, actor } = await accessOf(context);
      const teams = await people.teams(actor);
      if (json) {
        session.out(`${JSON.stringify({ teams })}\n`);
        return;
      }
      const names = new Map((await people.list(actor)).map(({ id, name }) => [id, name]));
      if (teams.length === 0) session.err('还没有队伍；用 tuban team add 新建 (no teams yet)\n');
      else {
        session.out(
          table(teams, [
            { head: '队伍 (team)', cell: ({ name }) => name },
            { head: '成员 (members)', cell: ({ members }) => members.map((id) => names.get(id) ?? id).join('、') },
          ]),
        );
      }
    });
  for (const verb of ['join', 'leave'] as const) {
    team
      .command(verb)
      .description(verb === 'join' ? '加入队伍 (join)' : '离开队伍 (leave)')
      .argument('<TEAM>', '队伍名称或编号 (name or id of the team)')
      .argument('<LOGIN>', '登录名 (login)')
      .option(...JSON_OPTION)
      .action(async (name: string, login: string, options: Json) => {
        const { people, actor } = await accessOf(context);
        say(await people[verb](actor, name, login), options);
      });
  }
};
