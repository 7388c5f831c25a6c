/** queue-pit-list: a pit before it is reported (what would be refused, what is worth a second look, which tasks are there), and those reported. */
import { areaNames, inOwnAreas, listedPits } from './adapters/postgres/listed-pits.js';
import { areasAt, pitGround, pitOutcomes } from './adapters/postgres/reported-pits.js';
import { Fault } from './model/fault.js';
import type { MultiPolygonRings } from './model/grid.js';
import type { ReportedPit } from './model/reported-pit.js';
import type { Desk } from './ports/desk.js';
import type { PitPlace } from './ports/missed-pits.js';
import type { PitList, PitSketch } from './ports/pit-list.js';
import type { Workspace } from './ports/workspace.js';
import { admitted, dayInChina, isSamePlace, isVisible, type Overlapping, withOverlap } from './queue-pits.js';
import { pitRemarks } from './stages/report-pit/pit-remarks.js';
import { pitOf, pitPatch } from './stages/report-pit/report-pit.js';
import { outlineSaid } from './stages/report-pit/said-corners.js';
import { missesByLists } from './stages/sample/two-lists.js';

export function createPitList(desk: Desk, { database, pool }: Pick<Workspace, 'database' | 'pool'>): PitList {
  return {
    async check(actor, sketch) {
      const { place, notes } = placeOf(sketch.place);
      const drawn = 'outline' in place ? place.outline : null;
      const looked = await desk.as(actor, async (turn) => {
        try {
          const pit = pitOf({ ...sketch, place, note: '—' }, dayInChina(turn.at));
          const { lon, lat } = pitPatch(pit);
          const names = await areaNames(turn, await areasAt(turn.sql, lon, lat));
          const within = await inOwnAreas(turn, pit.geometry);
          const refused = await faultOf(admitted(turn, pit));
          return { pit, names, refused, remarks: pitRemarks(pit, within) };
        } catch (error) {
          if (error instanceof Fault) return { refused: error, names: [], remarks: [], pit: null };
          throw error;
        }
      });
      const { pit, refused, names, remarks } = looked;
      const areaM2 = pit?.areaM2 ?? null;
      const outline = pit?.geometry ?? drawn;
      const told = { outline, areaM2, areaNames: names, remarks, notes };
      // Whoever may not report there is told nothing of what is there.
      if (pit === null || refused) return { ...told, errors: refused ? [said(refused)] : [], near: [] };
      const overlaps = await overlapsOf(pit);
      const near = await desk.as(actor, (turn) =>
        Promise.all(
          overlaps.map(async (one) => ({
            taskId: one.taskId ?? '',
            share: one.share,
            same: isSamePlace(one, pit.quarter),
            visible: await isVisible(turn, one.taskId ?? ''),
          })),
        ),
      );
      // Asked as often as one likes and on no record, outlines would find what a sealed round withholds.
      return { ...told, errors: [], near: near.flatMap(({ visible, ...one }) => (visible ? [one] : [])) };
    },
    list: (actor, quarter) => desk.as(actor, (turn) => listedPits(turn, quarter)),
    misses: (actor, quarter) =>
      desk.as(actor, async ({ sql, member }) => ({
        ...missesByLists(await pitOutcomes(sql, quarter), quarter),
        whole: member.grants.some(({ areaId, role }) => areaId === null && role !== 'cron'),
      })),
  };

  /** With tasks of the quarter only; the largest overlap first. */
  async function overlapsOf(pit: ReportedPit): Promise<readonly Overlapping[]> {
    const near = await withOverlap(await pitGround(database).groundSince(pit.quarter, pit.geometry), pit, pool);
    return near
      .filter(({ quarter, taskId }) => quarter === pit.quarter && taskId !== null)
      .toSorted((a, b) => b.share - a.share);
  }
}

function placeOf(place: PitSketch['place']): { readonly place: PitPlace; readonly notes: readonly string[] } {
  if (!('text' in place)) return { place, notes: [] };
  const { outline, notes }: { outline: MultiPolygonRings; notes: readonly string[] } = outlineSaid(place);
  return { place: { outline }, notes };
}

function faultOf(work: Promise<unknown>): Promise<Fault | null> {
  return work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Fault) return error;
      throw error;
    },
  );
}

const said = ({ code, message }: Fault) => ({ code, message });
