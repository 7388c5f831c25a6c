/** square: child process that makes the squares its parent sends, each into a raw file: both dates, four planes each, rows from the top. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { finePair } from '../accuracy/fine-pair.mjs';

process.on('message', ({ path, ...options }) => {
  const { before, after, pits, licences } = finePair({ ...options, shift: 0, border: false });
  const file = openSync(path, 'w');
  for (const plane of [...before, ...after]) {
    const bytes = new Uint8Array(plane.buffer);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  }
  closeSync(file);
  process.send({ pits: pits.map(({ ring, mode }) => ({ ring, mode })), licences });
});
