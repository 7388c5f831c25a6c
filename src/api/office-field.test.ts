/**
 * Pits drawn by hand and blind second looks in a real browser, on a real server and workspace: by mouse at a desk, by finger on a phone, by corner points
 * and by keyboard. Each page that is passed is checked for barriers (axe) and for running over its window.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBrowser } from '../testing/browser.js';
import { barriers, type Office, openOffice, tooWide } from '../testing/office.js';
import { layImagery } from '../testing/office-imagery.js';

const PHONE = 390;
const WAIT = { timeout: 120_000 };
const LONG = 600_000;

withBrowser('pits and second looks', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice(12);
    await layImagery(office.workspace.database);
  }, LONG);
  afterAll(() => office?.close());

  const go = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${office.address}#${path}`);
  };
  const whole = async (page: Page) => [await tooWide(page), await barriers(page)];
  const said = (page: Page) => page.locator('.pit-form .note-box').last().textContent();

  const atRest = async (page: Page) => {
    const scale = () => page.textContent('.draw-board .ol-scale-line-inner');
    let before: string | null;
    do {
      before = await scale();
      await page.waitForTimeout(700);
    } while (before !== (await scale()));
  };

  /** Where the map is at that moment, from its middle; the next one when this one is counted, as a person does. */
  async function corner(page: Page, [dx, dy]: readonly [number, number], count: number): Promise<void> {
    const map = page.locator('.draw-board .map');
    const { width = 0, height = 0 } = (await map.boundingBox()) ?? {};
    const position = { x: width / 2 + dx, y: height / 2 + dy };
    await (page.viewportSize()?.width === PHONE ? map.tap({ position }) : map.click({ position }));
    await expect.poll(() => page.textContent('.draw-bar'), WAIT).toContain(`已有 ${count} 个点`);
  }
  async function outline(page: Page, offsets: readonly (readonly [number, number])[]): Promise<void> {
    for (const [i, offset] of offsets.entries()) await corner(page, offset, i + 1);
  }

  /** The form with its map, near enough that a pit has some hundred pixels. Middle of the map on the screen. */
  async function openForm(page: Page): Promise<{ x: number; y: number }> {
    await go(page, '/pits');
    await page.click('button:has-text("补报一处")');
    await page.waitForSelector('.draw-board canvas');
    await atRest(page);
    for (let i = 0; i < 4; i++) {
      await page.click('.draw-board .ol-zoom-in');
      await atRest(page);
    }
    await page.locator('.draw-board .map').evaluate((one) => one.scrollIntoView({ block: 'center' }));
    const box = await page.locator('.draw-board .map').boundingBox();
    if (!box) throw new Error('no map');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  const pits = () =>
    office.workspace.database.query<{ id: string; area: number; corners: number }>(
      `SELECT id, (body->>'areaM2')::float8 AS area, ST_NPoints(geom) - 1 AS corners FROM tuban.reported_pit ORDER BY reported_at`,
    );

  it(
    'a pit is drawn with the mouse, mended, checked and reported; it is a task then',
    async () => {
      const page = await office.page('o1');
      const { x, y } = await openForm(page);
      expect(await whole(page)).toEqual([0, []]);
      // Across itself first: told, and not taken.
      await outline(page, [
        [-60, -50],
        [60, 50],
        [60, -50],
        [-60, 52],
      ]);
      await expect.poll(() => said(page), WAIT).toContain('自相交');
      expect(await page.isDisabled('button:has-text("上报，立为任务")')).toBe(true);
      for (let i = 0; i < 4; i++) await page.click('button:has-text("撤销一步")');
      expect(await page.textContent('.draw-bar')).toContain('已有 0 个点');
      // Beside an edge a tap is one more corner in that edge: counted, named and marked, and taken back like any other.
      await outline(page, [
        [-60, -50],
        [60, -50],
        [60, 50],
      ]);
      await corner(page, [0, -58], 4);
      expect(await page.textContent('.draw-bar')).toContain('在边上插入第 2 点');
      expect(await page.isDisabled('button:has-text("删去选中的点")')).toBe(false);
      await page.click('button:has-text("撤销一步")');
      expect(await page.textContent('.draw-bar')).toMatch(/已有 3 个点\s*$/);
      // A hand that is not quite still has tapped all the same.
      await page.mouse.move(x - 60, y + 80);
      await page.mouse.down();
      await page.mouse.move(x - 57, y + 82);
      await page.mouse.up();
      await expect.poll(() => page.textContent('.draw-bar'), WAIT).toContain('已有 4 个点');
      await page.click('button:has-text("全部清除")');
      await outline(page, [
        [-60, -50],
        [60, -50],
        [60, 50],
        [0, 90],
        [-60, 50],
      ]);
      await expect.poll(() => said(page), WAIT).toMatch(/面积 [\d,]+ m²（[\d.]+ 亩），位于 东镇/);
      const before = await said(page);
      // A corner is dragged outward, another picked and taken away.
      await page.mouse.move(x + 60, y - 50);
      await page.mouse.down();
      await page.mouse.move(x + 90, y - 80, { steps: 6 });
      await page.mouse.up();
      // Picked, no new one.
      await corner(page, [0, 90], 5);
      await page.click('button:has-text("删去选中的点")');
      expect(await page.textContent('.draw-bar')).toContain('已有 4 个点');
      await expect.poll(() => said(page), WAIT).toMatch(/面积 [\d,]+ m²/);
      expect(await said(page)).not.toBe(before);
      expect(await page.isDisabled('button:has-text("上报，立为任务")')).toBe(true);
      await page.fill('[name=note]', '山坡上有新挖的坑');
      await page.fill('[name=seenOn]', '2026-09-01');
      await expect.poll(() => page.isDisabled('button:has-text("上报，立为任务")'), WAIT).toBe(false);
      expect(await whole(page)).toEqual([0, []]);
      // Drawn and not sent: a link asks first, and whoever stays finds all of it.
      await page.click('.office-top a[href="#/tasks"]');
      await page.click('.modal button:has-text("留下")');
      await page.waitForSelector('.modal', { state: 'detached' });
      expect(await page.textContent('.draw-bar')).toContain('已有 4 个点');
      await page.click('button:has-text("上报，立为任务")');
      await page.waitForSelector('.told-pit a');
      const [pit] = await pits();
      expect(pit?.corners).toBe(4);
      await expect.poll(() => page.textContent('table.plain'), WAIT).toContain('山坡上有新挖的坑');
      expect(await page.textContent('main')).toContain('不能估计');
      expect(await whole(page)).toEqual([0, []]);
      await page.click('.told-pit a');
      await page.waitForSelector('.file-head');
      await expect.poll(() => page.textContent('.place-part'), WAIT).toContain('人工上报：山坡上有新挖的坑');
      expect({ wrong: office.wrong, elsewhere: office.elsewhere }).toEqual({ wrong: [], elsewhere: [] });
    },
    LONG,
  );

  it(
    'on a phone it is drawn with the finger; where the list has it, that task is named and nothing sent',
    async () => {
      const page = await office.page('o2', PHONE);
      await openForm(page);
      expect(await whole(page)).toEqual([0, []]);
      await outline(page, [
        [-50, -110],
        [50, -110],
        [50, -60],
      ]);
      await expect.poll(() => said(page), WAIT).toMatch(/面积 [\d,]+ m²/);
      // The ground of the first report, as corner points.
      const [first] = await office.workspace.database.query<{ text: string }>(
        `SELECT string_agg(ST_X(d.geom) || ' ' || ST_Y(d.geom), E'\\n' ORDER BY d.path) AS text
         FROM tuban.reported_pit r, ST_DumpPoints(ST_Translate(r.geom, 0.00001, 0)) d`,
      );
      await page.click('summary:has-text("输入或粘贴拐点")');
      await page.fill('[name=corners]', first?.text ?? '');
      await page.click('button:has-text("读入")');
      await expect.poll(() => said(page), WAIT).toContain('该处已有任务');
      await page.fill('[name=note]', '同一处');
      expect(await page.isDisabled('button:has-text("上报，立为任务")')).toBe(true);
      expect(await whole(page)).toEqual([0, []]);
      await page.fill('[name=corners]', '118.02 36.01\n山坡');
      await page.click('button:has-text("读入")');
      await expect.poll(() => page.textContent('.pit-form .wrong[role=alert]'), WAIT).toContain('第 2 行');
      expect(await pits()).toHaveLength(1);
    },
    LONG,
  );

  it(
    'by keyboard alone: corners at the middle of the map; outside one’s area it is refused before it is sent',
    async () => {
      const page = await office.page('o3');
      await go(page, '/pits');
      await page.click('button:has-text("补报一处")');
      await page.waitForSelector('.draw-board .note-box, .draw-board canvas');
      // The west has no images: typed.
      expect(await page.textContent('.draw-board')).toContain('没有可显示的影像');
      await page.click('summary:has-text("输入或粘贴拐点")');
      await page.fill('[name=corners]', '106.3 29.4\n106.301 29.4\n106.301 29.401');
      await page.click('button:has-text("读入")');
      await expect.poll(() => said(page), WAIT).toContain('只有该区域的');
      const desk = await office.page('an');
      await openForm(desk);
      await desk.focus('.draw-board .map');
      for (const way of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) {
        await desk.press('.draw-board .map', way);
        await desk.waitForTimeout(400);
        await desk.focus('button:has-text("在十字处加点")');
        await desk.keyboard.press('Enter');
        await desk.focus('.draw-board .map');
      }
      await expect.poll(() => said(desk), WAIT).toMatch(/面积 [\d,]+ m²/);
    },
    LONG,
  );

  it(
    'tasks to merge are chosen from a list, and a task is split by drawing its parts',
    async () => {
      const page = await office.page('an');
      await go(page, '/tasks/Tp7');
      await press(page, 'merge');
      await page.waitForSelector('.task-picker input[type=checkbox]');
      expect(await page.locator('[name=merge-Tp7]').count()).toBe(0);
      await page.fill('[name=find-task]', 'Tp11');
      await expect.poll(() => page.locator('.pick-list li').count(), WAIT).toBe(1);
      await page.fill('.actions [name=reason]', '同一矿坑');
      await page.click('.actions form button[type=submit]');
      expect(await page.textContent('.actions .wrong')).toContain('请选择');
      await page.check('[name=merge-Tp11]');
      expect(await whole(page)).toEqual([0, []]);
      await page.click('.actions form button[type=submit]');
      await expect.poll(() => page.textContent('.steps'), WAIT).toContain('并入其他任务');
      expect(await states('Tp11')).toEqual([['Tp11', 'merged']]);

      await go(page, '/tasks/Tp9');
      await press(page, 'split');
      await page.waitForSelector('.split-drawing canvas');
      // The map flies to the patch first; a zoom on the way would end elsewhere.
      await atRest(page);
      for (let i = 0; i < 2; i++) {
        await page.click('.draw-board .ol-zoom-in');
        await atRest(page);
      }
      await page.locator('.draw-board .map').evaluate((one) => one.scrollIntoView({ block: 'center' }));
      for (const side of [-1, 1]) {
        await outline(page, [
          [side * 10, -80],
          [side * 80, -80],
          [side * 80, 80],
          [side * 10, 80],
        ]);
        await page.click('button:has-text("加为一部分")');
      }
      await page.fill('[name=part-0]', '西坑');
      await page.fill('.actions [name=reason]', '两处矿坑');
      expect(await whole(page)).toEqual([0, []]);
      await page.click('.actions form button[type=submit]');
      await expect.poll(() => page.textContent('.file-head .state'), WAIT).toContain('已拆分');
      expect(await states('Tp9%')).toEqual([
        ['Tp9', 'split'],
        ['Tp9-1', 'new'],
        ['Tp9-2', 'new'],
      ]);
      await go(page, '/tasks/Tp9-1');
      await expect.poll(() => page.textContent('.place-part'), WAIT).toContain('由任务 Tp9 拆分：西坑');
      expect(await page.textContent('.place-part')).toContain('拆分前的得分');
      expect(await page.textContent('.file-head')).toMatch(/拆分自\s*Tp9，名次按拆分前的得分/);
      expect(await whole(page)).toEqual([0, []]);
      await go(page, '/tasks');
      await page.fill('[name=text]', 'Tp9-');
      await page.press('[name=text]', 'Enter');
      await expect.poll(() => page.locator('.files tbody tr').count(), WAIT).toBe(2);
      expect(await page.locator('.files .mark', { hasText: '拆分前的得分' }).count()).toBe(2);
    },
    LONG,
  );
  const states = async (like: string) =>
    (
      await office.workspace.database.query<{ id: string; state: string }>(
        'SELECT task_id AS id, state FROM tuban.task_file WHERE task_id LIKE $1 ORDER BY task_id COLLATE "C"',
        [like],
      )
    ).map(({ id, state }) => [id, state]);
  async function press(page: Page, action: string): Promise<void> {
    await page.waitForSelector('.actions');
    if ((await page.locator(`.actions [data-action=${action}]`).count()) === 0)
      await page.click('button:has-text("更多…")');
    await page.click(`.actions [data-action=${action}]`);
  }

  /** Odd ones in the east, closed with a verdict of r2 on what o1 found. */
  async function close(): Promise<void> {
    const { database } = office.workspace;
    for (const n of [3, 5]) {
      for (const statement of [
        `UPDATE tuban.task_file SET state = 'closed', submitter = 'o1', authors = '{o1}', reviewers = '{r2}' WHERE task_id = 'Tp${n}'`,
        `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ('F${n}', 'Tp${n}', 2, 'o1', '2026-10-01Z', '{"form":{"description":"朱红坑口"}}')`,
        `INSERT INTO tuban.verdict (task_id, part, code, person_id, at, body) VALUES ('Tp${n}', '1', 'illegal', 'r2', '2026-10-03Z', '{"reason":"朱红理由"}')`,
      ]) {
        await database.query(statement);
      }
    }
  }

  it(
    'closed tasks are drawn, looked at blind on a phone, and compared',
    async () => {
      await close();
      const head = await office.page('su');
      await go(head, '/second-looks');
      await head.click('.head button');
      await head.waitForSelector('.draw-form');
      expect(await head.locator('[name=looker] option').allTextContents()).not.toContain('管');
      await head.selectOption('[name=looker]', { label: '东二' });
      expect(await whole(head)).toEqual([0, []]);
      await head.click('.draw-form button[type=submit]');
      await expect.poll(() => head.textContent('.done'), WAIT).toContain('抽取 2 个，由 东二 复核');
      await expect.poll(() => head.textContent('.agreement'), WAIT).toContain('抽取 2 个，已复核 0 个');

      const looker = await office.page('o2', PHONE);
      const heard: string[] = [];
      looker.on('response', async (answer) => {
        if (answer.url().includes('/api/')) heard.push(await answer.text().catch(() => ''));
      });
      await go(looker, '/second-looks');
      await looker.waitForSelector('.looks a');
      expect(await looker.textContent('main')).toContain('未答复 2 项');
      expect(await whole(looker)).toEqual([0, []]);
      for (const [i, verdict] of ['违法', '合法'].entries()) {
        await go(looker, '/second-looks');
        await looker.click('.looks .fresh a >> nth=0');
        await looker.waitForSelector('.look-form');
        await expect
          .poll(() => looker.locator('.swipe img').evaluateAll((all) => all.map((one) => one.naturalWidth)), WAIT)
          .toEqual([640, 640]);
        expect(await whole(looker)).toEqual([0, []]);
        await looker.locator('.look-form label', { hasText: verdict }).first().click();
        await looker.fill('[name=note]', `现场看过${i}`);
        await looker.check('[name=sure]');
        expect(heard.join()).not.toMatch(/朱红/);
        await looker.click('.look-form button[type=submit]');
        await expect.poll(() => looker.textContent('.done'), WAIT).toContain('已答复');
      }
      await go(head, '/second-looks');
      await expect.poll(() => head.textContent('.agreement'), WAIT).toContain('与原认定一致 1/2');
      expect(await head.textContent('.agreement')).toContain('不一致的任务');
      expect(await whole(head)).toEqual([0, []]);
      expect(office.wrong).toEqual([]);
    },
    LONG,
  );
});
