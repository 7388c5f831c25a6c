/**
 * Floor where Python's GDAL is missing: every pixel of both images decoded by two processes, every second block each, and nothing else.
 *   node decode.mjs BEFORE AFTER
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';

const PROCESSES = 2;
const BLOCK = 1024;
const [before, after, part] = process.argv.slice(2);

if (part === undefined) {
  for (let k = 0; k < PROCESSES; k++) {
    fork(fileURLToPath(import.meta.url), [before, after, String(k)]).once('exit', (code) => {
      if (code !== 0) process.exitCode = 1;
    });
  }
} else {
  const images = [before, after].map((path) => gdal.open(path));
  const { x: width, y: height } = images[0].rasterSize;
  let n = 0;
  for (let y = 0; y < height; y += BLOCK) {
    for (let x = 0; x < width; x += BLOCK) {
      if (n++ % PROCESSES !== Number(part)) continue;
      for (const image of images)
        for (let b = 1; b <= 4; b++)
          image.bands.get(b).pixels.read(x, y, Math.min(BLOCK, width - x), Math.min(BLOCK, height - y));
    }
  }
}
