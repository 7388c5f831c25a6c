/** Waypoints as GDAL reads them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { taskList } from '../../model/patch-list.js';
import { demoTasks } from '../../testing/demo-quarter.js';
import { gpxText } from './gpx-text.js';

it('gives each task a waypoint with its rank, id and suspicion, whatever stands in its texts', () => {
  const tasks = demoTasks().slice(0, 2);
  const [first] = tasks;
  if (!first) throw new Error('no task');
  const text = gpxText(taskList([{ ...first, id: 'T<&>\u0007"1' }, ...tasks.slice(1)]), {
    personId: 'p-li',
    name: '李<四>',
    at: '2026-11-27T00:30:00.000Z',
  });
  expect(text).toContain('导出：李&#60;四&#62;　2026-11-27 08:30</desc><keywords>tuban-mark person=p-li at=2026');
  expect(text).toContain('CGCS2000');
  const dir = mkdtempSync(join(tmpdir(), 'tuban-gpx-'));
  try {
    const path = join(dir, 'list.gpx');
    writeFileSync(path, text);
    const read = execFileSync('ogrinfo', ['-al', path, 'waypoints'], { encoding: 'utf8' });
    expect(read).toMatch(/Feature Count: 2/);
    expect(read).toContain(`name (String) = 1 T<&>"1`);
    expect(read).toContain('type (String) = 在许可范围内');
    const { lon, lat } = first.judged.patch;
    const [, x, y] = /POINT \(([\d.]+) ([\d.]+)\)/.exec(read) ?? [];
    expect(Number(x)).toBeCloseTo(lon, 8);
    expect(Number(y)).toBeCloseTo(lat, 8);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
