/**
 * allot: files that nobody has → who gets them. Of the file's areas, smallest first, the first that somebody answers for decides: its person, or its
 * team. Among those who may take it the one with the fewest files in hand, then by id; each file given counts at once. Where nobody answers for any
 * of its areas, all officers of its areas are asked; so they are where a role is asked for, or the members of the team that is. In the order given (rank), so that the same input gives the same outcome.
 */

export interface AllotFile {
  readonly taskId: string;
  /** Smallest first. */
  readonly areas: readonly string[];
  /** Officers of its areas who may be given it. */
  readonly officers: readonly string[];
}

export interface AllotInput {
  readonly files: readonly AllotFile[];
  readonly responsible: readonly {
    readonly areaId: string;
    readonly teamId: string | null;
    readonly personId: string | null;
  }[];
  readonly teams: ReadonlyMap<string, readonly string[]>;
  /** Files in hand, by person. */
  readonly load: ReadonlyMap<string, number>;
  /** Who answers for the area is not asked: its officers, or this team. */
  readonly among: 'responsible' | 'officers' | { readonly teamId: string };
  /** A team picks among itself. */
  readonly toTeam: boolean;
}

export interface Allotment {
  readonly taskId: string;
  readonly teamId: string | null;
  readonly assignee: string | null;
}

export interface Allotted {
  readonly assigned: readonly Allotment[];
  readonly left: readonly { readonly taskId: string; readonly why: string }[];
}

interface Candidate {
  readonly teamId: string | null;
  readonly personId: string;
}

export function allot({ files, responsible, teams, load, among, toTeam }: AllotInput): Allotted {
  const inHand = new Map(load);
  const assigned: Allotment[] = [];
  const left: { taskId: string; why: string }[] = [];
  const count = (id: string): number => inHand.get(id) ?? 0;

  for (const { taskId, areas, officers } of files) {
    const candidates = candidatesOf(areas, officers);
    const [best] = candidates.sort(
      (a, b) =>
        count(a.personId) - count(b.personId) || (a.personId < b.personId ? -1 : a.personId > b.personId ? 1 : 0),
    );
    if (!best) {
      const why =
        areas.length === 0
          ? '不在任何已登记的区域内'
          : '所在区域没有可承办的执法人员，或责任队伍中没有该区域的执法人员';
      left.push({ taskId, why });
      continue;
    }
    const teamOnly = toTeam && best.teamId !== null;
    if (!teamOnly) inHand.set(best.personId, count(best.personId) + 1);
    assigned.push({ taskId, teamId: best.teamId, assignee: teamOnly ? null : best.personId });
  }
  return { assigned, left };

  function candidatesOf(areas: readonly string[], officers: readonly string[]): Candidate[] {
    const ofTeam = (teamId: string): Candidate[] =>
      (teams.get(teamId) ?? []).filter((id) => officers.includes(id)).map((personId) => ({ teamId, personId }));
    if (typeof among === 'object') return ofTeam(among.teamId);
    for (const areaId of among === 'officers' ? [] : areas) {
      const answering = responsible.filter((one) => one.areaId === areaId);
      if (answering.length === 0) continue;
      return answering.flatMap(({ teamId, personId }): Candidate[] => {
        if (teamId !== null) return ofTeam(teamId);
        return personId !== null && officers.includes(personId) ? [{ teamId, personId }] : [];
      });
    }
    return officers.map((personId) => ({ teamId: null, personId }));
  }
}
