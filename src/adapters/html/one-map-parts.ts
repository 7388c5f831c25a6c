/** The one map's own lines of style and behaviour: move, zoom, choose, search, hide kinds. Works from file://. */
export const ONE_MAP_STYLE = `
.map{position:relative;background:#20262b;border-radius:8px;overflow:hidden;height:min(72vh,760px)}
.map svg{width:100%;height:100%;display:block;cursor:grab;touch-action:none}
.map path{vector-effect:non-scaling-stroke;fill-opacity:.10;cursor:pointer}
.map path:hover{fill-opacity:.3}.map path.past{stroke-opacity:.55;fill-opacity:.03}
.map path.chosen{stroke:#fff;fill-opacity:.4}
.zoom{position:absolute;right:10px;top:10px;display:grid;gap:6px}
.zoom button{width:40px;height:40px;border:0;border-radius:6px;background:#fff;font-size:1.2rem;cursor:pointer}
#labels{position:absolute;inset:0;overflow:hidden;pointer-events:none}
#labels span{position:absolute;transform:translate(-50%,-50%);color:#fff;font-size:13px;font-weight:600;white-space:nowrap;text-shadow:0 0 3px #000,0 0 3px #000}
.map .bar{left:12px;bottom:10px}
.key i{display:inline-block;width:26px;height:0;border-top:3px solid;filter:drop-shadow(0 0 1px #000)}
.tools input[type=search]{padding:6px 8px;min-width:16em;border:1px solid var(--line);border-radius:6px}
#card{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:6px 14px;margin:12px 0}
tbody tr{cursor:pointer}tbody tr.chosen{background:#fff6d6}
[hidden]{display:none!important}
@media print{.zoom,.tools input{display:none}.map{height:auto}}
`;

export const ONE_MAP_SCRIPT = `
const svg = document.getElementById('map');
const rows = [...document.querySelectorAll('tbody tr')];
const heads = [...document.querySelectorAll('th')].map((head) => head.textContent);
const paths = svg ? [...svg.querySelectorAll('path')] : [];
const whole = svg ? svg.viewBox.baseVal : null;
const all = whole ? [whole.x, whole.y, whole.width, whole.height] : [0, 0, 1, 1];
let view = [...all];
const MOST_LABELS = 60;
const boxes = new Map(paths.map((path) => [path, path.getBBox()]));
// Names of what is large enough on the screen, the largest first; one that would lie on another is left out.
function label() {
  const matrix = svg.getScreenCTM();
  const frame = svg.getBoundingClientRect();
  const placed = [];
  for (const [path, box] of boxes) {
    if (placed.length >= MOST_LABELS || path.style.display === 'none') continue;
    if (Math.max(box.width, box.height) * matrix.a < 28) continue;
    const x = (box.x + box.width / 2) * matrix.a + matrix.e - frame.x;
    const y = (box.y + box.height / 2) * matrix.d + matrix.f - frame.y;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    if (placed.some((one) => Math.abs(one.x - x) < 110 && Math.abs(one.y - y) < 20)) continue;
    placed.push({ x, y, text: path.dataset.name });
  }
  document.getElementById('labels').replaceChildren(...placed.map(({ x, y, text }) => {
    const span = document.createElement('span');
    span.style.left = x + 'px';
    span.style.top = y + 'px';
    span.textContent = text;
    return span;
  }));
}
function show() {
  if (!svg) return;
  svg.setAttribute('viewBox', view.join(' '));
  const box = svg.getBoundingClientRect();
  const perPx = Math.max(view[2] / box.width, view[3] / box.height) * svg.dataset.unit;
  const limit = perPx * 160;
  const power = 10 ** Math.floor(Math.log10(limit));
  const metres = [5, 2, 1].map((n) => n * power).find((n) => n <= limit) ?? power;
  const bar = document.getElementById('bar');
  bar.style.width = metres / perPx + 'px';
  bar.textContent = metres >= 1000 ? metres / 1000 + ' km' : metres + ' m';
  label();
}
function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
  if (factor === 0) view = [...all];
  else view = [x - (x - view[0]) * factor, y - (y - view[1]) * factor, view[2] * factor, view[3] * factor];
  show();
}
function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}
function choose(i, move) {
  for (const one of [...rows, ...paths]) one.classList.toggle('chosen', one.dataset.i === i);
  const row = rows.find((one) => one.dataset.i === i);
  if (!row) return;
  const list = document.createElement('dl');
  [...row.cells].forEach((cell, n) => {
    if (cell.textContent === '') return;
    const [term, value] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = heads[n];
    value.textContent = cell.textContent;
    list.append(term, value);
  });
  document.getElementById('card').replaceChildren(list);
  const path = paths.find((one) => one.dataset.i === i);
  if (!path || !move) return;
  const box = path.getBBox();
  const side = Math.max(box.width, box.height, 40) * 2.5;
  view = [box.x + box.width / 2 - side / 2, box.y + box.height / 2 - side / 2, side, side];
  show();
  svg.scrollIntoView({ block: 'nearest' });
}
for (const row of rows) {
  row.addEventListener('click', () => choose(row.dataset.i, true));
  row.addEventListener('keydown', (event) => { if (event.key === 'Enter') choose(row.dataset.i, true); });
}
for (const button of document.querySelectorAll('[data-zoom]')) {
  button.addEventListener('click', () => zoom(Number(button.dataset.zoom)));
}
if (svg) {
  svg.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });
  let held = null;
  svg.addEventListener('pointerdown', (event) => { held = { from: at(event), moved: false, target: event.target }; });
  svg.addEventListener('pointermove', (event) => {
    if (!held || event.buttons === 0) return;
    const [x, y] = at(event);
    const [dx, dy] = [x - held.from[0], y - held.from[1]];
    if (Math.hypot(dx, dy) < view[2] / 200 && !held.moved) return;
    held.moved = true;
    view = [view[0] - dx, view[1] - dy, view[2], view[3]];
    show();
  });
  svg.addEventListener('pointerup', () => {
    if (held && !held.moved && held.target.dataset.i !== undefined) choose(held.target.dataset.i, false);
    held = null;
  });
  addEventListener('resize', show);
}
function filter() {
  const words = document.getElementById('search').value.trim().toLowerCase();
  const hidden = new Set([...document.querySelectorAll('input[data-kind]:not(:checked)')].map((one) => one.dataset.kind));
  const out = new Set();
  for (const row of rows) {
    const hide = hidden.has(row.dataset.kind) || (words !== '' && !row.textContent.toLowerCase().includes(words));
    row.hidden = hide;
    if (hide) out.add(row.dataset.i);
  }
  for (const path of paths) path.style.display = out.has(path.dataset.i) ? 'none' : '';
  show();
}
document.getElementById('search').addEventListener('input', filter);
for (const box of document.querySelectorAll('input[data-kind]')) box.addEventListener('change', filter);
show();
`;
