import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTestWorkspaceFolder, openTestWorkspace } from '../../testing/workspace.js';
import { workspaceFolder } from '../workspace/folder.js';

it('the safe copy opens in place of a torn database, with what was written before it', async () => {
  const dir = makeTestWorkspaceFolder();
  const folder = workspaceFolder(dir);
  const first = await openTestWorkspace({ dir });
  const insert = `INSERT INTO tuban.stage_result (stage, key, body) VALUES ('s', $1, '{}'::jsonb)`;
  await first.database.query(insert, ['before']);
  // Queries go on while it is taken.
  const [, ...beside] = await Promise.all([
    first.safeCopy(),
    ...['a', 'b', 'c'].map((key) => first.database.query(insert, [key])),
  ]);
  expect(beside).toHaveLength(3);
  await first.safeCopy();
  await first.database.query(insert, ['after']);
  await first.close();
  expect(existsSync(`${folder.databaseCopy}.new`) || existsSync(`${folder.databaseCopy}.old`)).toBe(false);

  writeFileSync(join(folder.database, 'global', 'pg_control'), 'torn');
  const refused = openTestWorkspace({ dir });
  await expect(refused).rejects.toMatchObject({ code: 'database.damaged' });
  await expect(refused).rejects.toThrow(folder.databaseCopy);

  rmSync(folder.database, { recursive: true });
  renameSync(folder.databaseCopy, folder.database);
  const again = await openTestWorkspace({ dir });
  const rows = await again.database.query<{ key: string }>('SELECT key FROM tuban.stage_result ORDER BY key');
  expect(rows.map(({ key }) => key)).toEqual(['a', 'b', 'before', 'c']);
  await again.close();
  rmSync(dir, { recursive: true });
});
