/** squares: a mosaic of made squares: which there are, who makes them, and what lies where. */
import { fork } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomOf } from '../train-mining/random.mjs';

const PROCESSES = 2;
/** Pits per million pixels. */
const DENSITY = { dense: 1.25, sparse: 0.12 };
export const KINDS = Object.keys(DENSITY);

/** @returns squares in rows from the top: their place, the side they are made with (cut to the place), seed and number of pits. */
export function planSquares({ size, seed, kind, square }) {
  const random = randomOf(seed);
  const count = Math.ceil(size / square);
  const edge = (k) => Math.round((k * size) / count);
  const squares = Array.from({ length: count * count }, (_, n) => {
    const [col, row] = [n % count, Math.floor(n / count)];
    const [x, y] = [edge(col), edge(row)];
    const [width, height] = [edge(col + 1) - x, edge(row + 1) - y];
    return { row, x, y, width, height, side: Math.ceil(size / count), seed: random.whole(2 ** 31), mines: 0 };
  });
  const pits = Math.max(1, Math.round((DENSITY[kind] * size * size) / 1e6));
  const order = squares.map((one) => [random.uniform(), one]).sort(([a], [b]) => a - b);
  for (let n = 0; n < pits; n++) order[n % order.length][1].mines++;
  return squares;
}

/** Starts making all squares, in their order. @returns one promise a square: { pits, licences } in its own pixels. */
export function makeSquares(squares, pathOf) {
  const waiting = squares.map((one) => ({ one, ...withSettlers() }));
  const promises = waiting.map(({ promise }) => promise);
  // whoever awaits the first that failed hears of it; the others must not end the process before
  for (const promise of promises) promise.catch(() => {});
  for (let k = 0; k < Math.min(PROCESSES, squares.length); k++) startMaker(waiting, pathOf);
  return promises;
}

function withSettlers() {
  let settlers;
  const promise = new Promise((resolve, reject) => {
    settlers = { resolve, reject };
  });
  return { promise, ...settlers };
}

function startMaker(waiting, pathOf) {
  const child = fork(fileURLToPath(new URL('square.mjs', import.meta.url)));
  let current;
  const next = () => {
    current = waiting.shift();
    if (!current) return child.disconnect();
    const { side, seed, mines } = current.one;
    child.send({ path: pathOf(current.one), size: side, seed, mines });
  };
  child.on('message', (made) => {
    current.resolve(made);
    next();
  });
  child.once('exit', (code, signal) => {
    current?.reject(new Error(`a process that makes squares ended with ${code ?? signal}`));
  });
  next();
}

/** Copies what a square has of rows `y` to `y + rows` of one plane (0–3 before, 4–7 after) into a strip as wide as the mosaic. */
export function copyRows({ square, path, plane, y, rows, strip, width }) {
  const { side } = square;
  const [from, to] = [Math.max(y, square.y), Math.min(y + rows, square.y + square.height)];
  if (to <= from) return;
  const part = new Uint16Array((to - from) * side);
  const file = openSync(path, 'r');
  readSync(file, part, 0, part.byteLength, 2 * side * (plane * side + from - square.y));
  closeSync(file);
  for (let row = from; row < to; row++) {
    const at = (row - from) * side;
    strip.set(part.subarray(at, at + square.width), (row - y) * width + square.x);
  }
}
