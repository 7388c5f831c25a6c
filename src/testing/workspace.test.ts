import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorkspace, type TestWorkspace } from './workspace.js';

describe('openTestWorkspace', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await openTestWorkspace();
  }, 60_000);
  afterAll(() => workspace.close());

  it('has the tables, PostGIS and the default recipe', async () => {
    expect(workspace.recipe.raster.minAreaM2).toBe(900);
    expect(await workspace.database.query('SELECT count(*) AS n FROM tuban.scene')).toEqual([{ n: 0 }]);
    const [row] = await workspace.database.query<{ inside: boolean }>(
      'SELECT ST_Contains(ST_MakeEnvelope(0, 0, 2, 2, 4490), ST_SetSRID(ST_Point(1, 1), 4490)) AS inside',
    );
    expect(row?.inside).toBe(true);
  });
});
