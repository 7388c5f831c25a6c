/**
 * Makes docs/images/queue-*.png: a round walked through on the office pages, from claim to verdict, on the demo's imagery in a workspace of its own under
 * the system's temporary folder, which is removed. People, photos and findings are invented.
 *   node scripts/queue-pictures.mjs [--workspace DIR]     (after npm run build; DIR: a workspace in which 2018Q2 was run, left as the walk leaves it)
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { sitePhoto } from './fixtures/site-photo.mjs';
import { layVerdicts } from './fixtures/verdicts.mjs';
import { overseeing } from './oversight-pictures.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const OUT = join(ROOT, 'docs', 'images');
const DEMO = join(ROOT, 'fixtures', 'demo');
const QUARTER = '2018Q2';
const KINDS = ['licences', 'exploration', 'plans', 'restoration', 'closed', 'prone', 'keyzones', 'admin', 'lawful'];
const PASSWORD = 'zao shang hao, kuang shan';
const PATIENCE_MS = 240_000;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
const PEOPLE = [
  ['guan', '管理员周', 'administrator'],
  ['zhang', '张三', 'officer'],
  ['li', '李四', 'officer'],
  ['wu', '王五', 'officer'],
  ['suo', '所长王', 'reviewer', 'station'],
  ['xian', '县局陈', 'reviewer', 'county'],
  ['shi', '市局林', 'reviewer', 'city'],
  ['du', '督查赵', 'supervisor'],
];

const { values } = parseArgs({ options: { workspace: { type: 'string' } } });
const { DATABASE_URL: _database, REDIS_URL: _redis, ...environment } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'tuban-pictures-'));
const workspace = values.workspace ?? join(folder, 'workspace');

function tuban(...args) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done() : failed(new Error(`tuban ${args.join(' ')}: ${code}`))));
  });
}
const inWorkspace = (...args) => tuban('-C', workspace, ...args);

async function makeGround() {
  await tuban('init', workspace, '--title', '演示县');
  await inWorkspace('scene', 'add', join(DEMO, 's2-2017-04-14.tif'), '--acquired', '2017-04-14');
  const mask = `scl:${join(DEMO, 's2-2018-04-02-scl.tif')}`;
  await inWorkspace('scene', 'add', join(DEMO, 's2-2018-04-02.tif'), '--acquired', '2018-04-02', '--mask', mask);
  for (const kind of KINDS) await inWorkspace('layer', 'import', kind, join(DEMO, `${kind}.geojson`));
  await inWorkspace('run', QUARTER);
}

async function makePeople() {
  const file = join(folder, 'password');
  writeFileSync(file, `${PASSWORD}\n`, { mode: 0o600 });
  for (const [login, name, role, level] of PEOPLE) {
    const grant = ['--role', role, ...(level ? ['--level', level] : [])];
    await inWorkspace('user', 'add', login, '--name', name, ...grant);
    await inWorkspace('user', 'password', login, '--file', file);
  }
  await inWorkspace('team', 'add', '一中队');
  for (const login of ['zhang', 'li']) await inWorkspace('team', 'join', '一中队', login);
}

/** The server's address and how to end it. */
function serve() {
  const args = [CLI, '-C', workspace, 'serve', '--port', '0', '--no-due'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => failed(new Error(`tuban serve: ${code}`)));
    let ending = null;
    const end = () => {
      ending ??= new Promise((ended) => {
        child.removeAllListeners('close');
        child.once('close', ended);
        child.kill('SIGTERM');
      });
      return ending;
    };
    child.stdout.setEncoding('utf8').once('data', (text) => done({ address: text.trim().replace(/\/?$/, '/'), end }));
  });
}

async function openPage(browser, address, viewport) {
  const hasTouch = viewport === PHONE;
  const context = await browser.newContext({ viewport, timezoneId: 'Asia/Shanghai', locale: 'zh-CN', hasTouch });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(address);
  await page.waitForSelector('[name=login]');
  return page;
}

async function signedIn(browser, address, login, viewport = DESK) {
  const page = await openPage(browser, address, viewport);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('.office-top');
  // The page that comes after signing in would otherwise overtake the one that is asked for next.
  await page.waitForURL(({ hash }) => !hash.startsWith('#/sign-in'));
  return page;
}

const IN_SIGHT_DRAWN = `[...document.images].every((one) => one.naturalWidth > 0 || one.getBoundingClientRect().top > innerHeight)`;

/** Few colours are enough for a page, and a third of the bytes. */
async function shoot(page, name) {
  await page.waitForLoadState('networkidle');
  const drawn = () => page.evaluate(IN_SIGHT_DRAWN);
  while (!(await drawn())) await page.waitForTimeout(200);
  await page.waitForTimeout(400);
  const picture = await page.screenshot({ animations: 'disabled' });
  await sharp(picture)
    .png({ palette: true, colours: 256, effort: 9 })
    .toFile(join(OUT, `queue-${name}.png`));
  process.stdout.write(`docs/images/queue-${name}.png\n`);
}

const press = (page, action) => page.click(`.actions [data-action=${action}]`);
const until = (page, text) => page.locator('.file-head .state', { hasText: text }).waitFor();
const top = (page) => page.evaluate(`document.getElementById('content').scrollTo(0, 0)`);
const show = (page, selector) =>
  page
    .locator(selector)
    .first()
    .evaluate((one) => one.scrollIntoView({ block: 'start' }));
const go = async (page, path) => {
  await page.evaluate(`location.hash = '${path}'`);
  await page.waitForLoadState();
};

async function office(browser, address) {
  await shoot(await openPage(browser, address, DESK), '01-sign-in');
  const head = await signedIn(browser, address, 'du');
  await head.waitForSelector('.files tbody tr');
  await head.locator('.files thead input').check();
  await head.selectOption('[name=to]', { label: '一中队' });
  await head.click('.picked form button');
  await head.waitForSelector('.picked .told:has-text("已分派")');
  await shoot(head, '02-assigned');
  await Promise.all([head.waitForEvent('download'), head.click('.picked button:has-text("XLSX")')]);
  return head;
}

async function fill(page, lon, lat) {
  const now = Date.now();
  const local = (minutes) => new Date(now + 8 * 3_600_000 - minutes * 60_000).toISOString().slice(0, 16);
  const photos = await Promise.all([0, 1, 2].map((i) => sitePhoto({ lon, lat, at: local(70 - i), view: i })));
  await page.setInputFiles(
    '.finding-form input[type=file]',
    photos.map((buffer, i) => ({ name: `现场${i + 1}.jpg`, mimeType: 'image/jpeg', buffer })),
  );
  await page.locator('.sending .done').nth(2).waitFor();
  await page.fill('#f-arrivedAt', local(75));
  await page.fill('#f-leftAt', local(40));
  await page.fill('[id="f-officers.0.number"]', '闽执 0101');
  await page.fill('[id="f-officers.1.name"]', '李四');
  await page.fill('[id="f-officers.1.number"]', '闽执 0102');
  await page.locator('#f-position input[type=checkbox]').check();
  await page.fill('[id="f-position.lon"]', lon.toFixed(6));
  await page.fill('[id="f-position.lat"]', lat.toFixed(6));
  await page.selectOption('[id="f-position.datum"]', 'CGCS2000');
  await page.fill('#f-description', '山坡新开采坑一处，坑内停放挖掘机一台，未见作业。已要求停止并拍照取证。');
  await page.check('#f-measures label:has-text("下达停止违法行为通知书") input');
  await page.selectOption('[id="f-parts.0.active"]', 'no');
  for (const [field, label] of [
    ['mineral', '建筑石料'],
    ['method', '露天开采'],
    ['violation', '无证开采'],
    ['verdict', '违法'],
    ['handling', '立案'],
  ]) {
    await page.selectOption(`[id="f-parts.0.${field}"]`, { label });
  }
  await page.fill('[id="f-parts.0.quantities.volumeM3"]', '5200');
  await page.locator('#f-files select').first().selectOption({ index: 1 });
  await page.click('#f-files .row button');
}

async function field(browser, address) {
  const page = await signedIn(browser, address, 'zhang', PHONE);
  await page.waitForSelector('.files tbody tr');
  await shoot(page, '03-phone-tasks');
  await page.click('[data-task] a');
  await page.waitForSelector('.swipe');
  await press(page, 'claim');
  await until(page, '已领取');
  await top(page);
  await shoot(page, '04-phone-claimed');
  await show(page, '.place-part');
  await shoot(page, '05-phone-place');
  await press(page, 'depart');
  await until(page, '现场核查');
  const id = await page.evaluate(`decodeURIComponent(location.hash.split('/').at(-1))`);
  const { lon, lat } = await page.evaluate(
    `fetch('./api/tasks/${id}').then((one) => one.json()).then((one) => one.task.judged.patch)`,
  );
  await press(page, 'submit');
  await page.waitForSelector('#f-arrivedAt');
  await fill(page, lon, lat);
  await show(page, '.finding-form');
  await shoot(page, '06-phone-finding');
  await page.click('.finding-form button[type=submit]');
  await until(page, '待审核（所级）');
  return id;
}

async function review(browser, address, id) {
  const station = await signedIn(browser, address, 'suo');
  await station.waitForSelector('.files tbody tr');
  await shoot(station, '07-reviews');
  await go(station, `/tasks/${id}`);
  await station.waitForSelector('.evidence img');
  await press(station, 'return');
  await station.fill('.actions [name=reason]', '请补充采坑北侧的照片');
  await shoot(station, '08-return');
  await station.click('.actions form button:not([type=submit])');
  await press(station, 'approve');
  await station.waitForSelector('.review-form select');
  await shoot(station, '09-review');
  await station.click('.review-form button.main');
  await station.waitForSelector('.told:has-text("审核通过")');
  let last = station;
  for (const login of ['xian', 'shi']) {
    const page = await signedIn(browser, address, login);
    await go(page, `/tasks/${id}`);
    await page.waitForSelector('.file-head');
    if ((await page.locator('.actions [data-action=approve]').count()) === 0) continue;
    await press(page, 'approve');
    await page.click('.review-form button.main');
    await page.waitForSelector('.told:has-text("审核通过")');
    last = page;
  }
  await top(last);
  await shoot(last, '10-verdict');
  await press(last, 'close');
  await until(last, '已办结');
  await show(last, '.steps');
  await shoot(last, '11-history');
}

async function others(browser, address, head) {
  await go(head, '/rounds');
  await head.click('.head button');
  await head.fill('[name=lon]', '106.295');
  await head.fill('[name=lat]', '29.41');
  await head.fill('[name=most]', '3');
  await head.selectOption('[name=to]', { label: '一中队' });
  await head.check('[name=sealed]');
  await head.click('.step-form button[type=submit]');
  await head.waitForSelector('.round-open');
  const officer = await signedIn(browser, address, 'li');
  await go(officer, '/rounds');
  await officer.click('.rounds button');
  await officer.waitForSelector('.round-open .sealed');
  await shoot(officer, '12-sealed');
  await officer.click('.round-open button.main');
  await officer.waitForSelector('.stops li');
  await shoot(officer, '13-departed');
  await go(officer, '/notices');
  await officer.waitForSelector('.notices li');
  await shoot(officer, '14-notices');
  await go(officer, '/tasks');
  await officer.waitForSelector('.files tbody tr');
  await officer.fill('[name=count]', '2');
  await officer.click('.head form button');
  await officer.waitForSelector('.lease');
  await go(head, '/team');
  await head.waitForSelector('.plain tbody tr');
  await head.waitForSelector('.files tbody tr');
  await shoot(head, '15-team');
  await go(head, '/audit');
  await head.waitForSelector('.plain tbody tr');
  await head.click('.head button');
  await head.waitForSelector('.done');
  await shoot(head, '17-audit');
  const admin = await signedIn(browser, address, 'guan');
  await go(admin, '/people');
  await admin.waitForSelector('.people tbody tr');
  await admin.click('[aria-label="更改 张三"]');
  await shoot(admin, '16-people');
}

/** A pit that the list lacks, drawn at a desk and on a phone. */
async function pits(browser, address) {
  const outline = async (page, corners, tap) => {
    await go(page, '/pits');
    await page.click('button:has-text("补报一处")');
    await page.waitForSelector('.draw-board canvas');
    for (let i = 0; i < 3; i++) {
      await page.click('.draw-board .ol-zoom-in');
      await page.waitForTimeout(400);
    }
    await page.locator('.draw-board').evaluate((one) => one.scrollIntoView({ block: 'start' }));
    const box = await page.locator('.draw-board .map').boundingBox();
    for (const [dx, dy] of corners) await tap(box.x + box.width / 2 + dx, box.y + box.height / 2 + dy);
    await page.waitForSelector('.pit-form .note-box b');
  };
  const desk = await signedIn(browser, address, 'zhang');
  await outline(
    desk,
    [
      [140, -120],
      [210, -95],
      [225, -30],
      [150, -15],
      [118, -70],
    ],
    (x, y) => desk.mouse.click(x, y),
  );
  await shoot(desk, '18-pit-drawn');
  await desk.fill('[name=note]', '山坡上有新挖的坑，路边有碎石堆');
  await desk.click('button:has-text("上报，立为任务")');
  await desk.waitForSelector('.told-pit');
  await top(desk);
  await shoot(desk, '19-pits');
  const phone = await signedIn(browser, address, 'li', PHONE);
  await outline(
    phone,
    [
      [-70, -90],
      [10, -105],
      [40, -40],
      [-55, -25],
    ],
    (x, y) => phone.touchscreen.tap(x, y),
  );
  await shoot(phone, '20-phone-pit');
  await phone.locator('.pit-form [name=note]').evaluate((one) => one.scrollIntoView({ block: 'end' }));
  await shoot(phone, '21-phone-pit-check');
}

/** The closed task is drawn, looked at blind, and compared. */
async function looks(browser, address, head) {
  await go(head, '/second-looks');
  await head.click('.head button');
  await head.selectOption('[name=looker]', { label: '王五' });
  await shoot(head, '22-draw');
  await head.click('.draw-form button[type=submit]');
  await head.waitForSelector('.done');
  const phone = await signedIn(browser, address, 'wu', PHONE);
  await go(phone, '/second-looks');
  await phone.click('.looks a');
  await phone.waitForSelector('.swipe img');
  await shoot(phone, '23-phone-look');
  await phone.locator('.look-form label', { hasText: '违法' }).first().click();
  await phone.fill('[name=note]', '坑口仍在，未见设备，堆料未清运');
  await phone.check('[name=sure]');
  await show(phone, '.look-form');
  await shoot(phone, '24-phone-look-answer');
  await phone.click('.look-form button[type=submit]');
  await phone.waitForSelector('.done');
  await go(head, '/tasks');
  await go(head, '/second-looks');
  await head.waitForSelector('.agreement table');
  await shoot(head, '25-agreement');
}

try {
  mkdirSync(OUT, { recursive: true });
  if (values.workspace === undefined) await makeGround();
  await makePeople();
  let server = await serve();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--lang=zh-CN'],
  });
  try {
    const head = await office(browser, server.address);
    const id = await field(browser, server.address);
    await review(browser, server.address, id);
    await others(browser, server.address, head);
    await pits(browser, server.address);
    await looks(browser, server.address, head);
    await server.end();
    await layVerdicts(workspace);
    server = await serve();
    await overseeing({ signedIn, shoot, go, show }, browser, server.address);
  } finally {
    await browser.close();
    await server.end();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
