/** The bundle's pictures on real imagery: both dates side by side, under the sums; a bundle without them says why. */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { bundlePart } from './queue-file-parts.js';
import { layImagery } from './testing/office-imagery.js';
import { countyTasks, layPeople, layTasks } from './testing/queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const TASK = 'Tp1';
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await openTestWorkspace();
  await layPeople(workspace.database);
  await layTasks(workspace.database, countyTasks(1));
  await layImagery(workspace.database);
}, 120_000);
afterAll(() => workspace.close());

async function bundle(): Promise<Map<string, Uint8Array>> {
  const chunks: Uint8Array[] = [];
  const part = bundlePart(workspace, createDesk(workspace.database));
  await part.write({ personId: 'su', device: 'test' }, TASK, async (chunk) => void chunks.push(chunk));
  return new Map(Object.entries(unzipSync(Buffer.concat(chunks))));
}
const textOf = (found: ReadonlyMap<string, Uint8Array>, name: string) => Buffer.from(found.get(name) ?? []).toString();

it('shows both dates side by side, as images and not as one of them twice', async () => {
  const found = await bundle();
  const png = found.get('before-after.png');
  if (!png) throw new Error(textOf(found, 'README.txt'));
  const sum = createHash('sha256').update(png).digest('hex');
  expect(textOf(found, 'SHA256SUMS')).toContain(`${sum}  before-after.png`);
  expect(textOf(found, 'README.txt')).toContain('before-after.png  前后时相影像');
  const { width, height, exif } = await sharp(png).metadata();
  expect(exif?.toString('latin1')).toContain('tuban-mark person=su');
  const half = { top: 100, height: 400, width: 400 };
  const stats = async (left: number) =>
    sharp(
      await sharp(png)
        .extract({ left, ...half })
        .removeAlpha()
        .png()
        .toBuffer(),
    ).stats();
  const [before, after] = [await stats(60), await stats(Math.floor(width / 2) + 60)];
  expect([width > 2 * 500, height > 500]).toEqual([true, true]);
  for (const { channels } of [before, after])
    expect(Math.min(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(5);
  expect(before.channels.map(({ mean }) => mean)).not.toEqual(after.channels.map(({ mean }) => mean));
}, 60_000);

it('says that the images are gone where they were moved away, and leaves the rest', async () => {
  await workspace.database.query(
    `UPDATE tuban.run SET plan = replace(plan::text, 's2-2018-04-02.tif', 'moved-away.tif')::jsonb`,
  );
  const found = await bundle();
  expect(found.has('before-after.png')).toBe(false);
  expect(textOf(found, 'README.txt')).toMatch(/没有前后时相影像：影像打不开/);
  expect([found.has('map.svg'), found.has('task.json'), found.has('SHA256SUMS')]).toEqual([true, true, true]);
}, 60_000);
