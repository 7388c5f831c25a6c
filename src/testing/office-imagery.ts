/** Images for a quarter of a test workspace: the demo's pair, under which tasks Tp1 … Tp19 of queue-ground.ts with odd numbers lie. */
import type { Database } from '../ports/database.js';
import { DEMO_BOX, DEMO_PAIR } from './demo-quarter.js';

const SIDE = 100;

export async function layImagery(database: Database, quarter = '2026Q3'): Promise<void> {
  const [west, south, east, north] = DEMO_BOX;
  const pair = {
    id: 'P1',
    role: 'previous',
    beforeOn: '2026-05-01',
    afterOn: '2026-08-01',
    use: DEMO_PAIR,
    grid: {
      crs: 'EPSG:4490',
      transform: [west, (east - west) / SIDE, 0, north, 0, (south - north) / SIDE],
      width: SIDE,
      height: SIDE,
    },
    extent: { col: 0, row: 0, width: SIDE, height: SIDE },
  };
  await database.query(
    `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan) VALUES ($1, $2, 'i', '{}', 'h', 'done', $3::jsonb)`,
    [`${quarter}-images`, quarter, JSON.stringify({ quarter, pairs: [pair] })],
  );
}
