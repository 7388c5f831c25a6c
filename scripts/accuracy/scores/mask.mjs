/** mask: the patch scores for a plain method's change map: 8-connected groups of at least `leastPx` pixels stand for its polygons. */

/** @returns labels (1 …) of groups of at least `leastPx` changed pixels, 0 elsewhere. */
export function groups(change, width, leastPx) {
  const label = new Int32Array(change.length);
  const queue = new Int32Array(change.length);
  let count = 0;
  for (let start = 0; start < change.length; start++) {
    if (change[start] !== 1 || label[start] !== 0) continue;
    count++;
    let end = 1;
    queue[0] = start;
    label[start] = count;
    for (let k = 0; k < end; k++) {
      const x = queue[k] % width;
      for (let dy = -width; dy <= width; dy += width) {
        for (let dx = -1; dx <= 1; dx++) {
          const next = queue[k] + dy + dx;
          if (x + dx < 0 || x + dx >= width || next < 0 || next >= change.length) continue;
          if (change[next] !== 1 || label[next] !== 0) continue;
          label[next] = count;
          queue[end++] = next;
        }
      }
    }
    if (end >= leastPx) continue;
    for (let k = 0; k < end; k++) label[queue[k]] = -1;
    count--;
  }
  return label.map((n) => Math.max(0, n));
}

/** Pits found (30 % covered) and groups that touch no pit. @param pits number per pixel, 0 where none, negative: not asked for. */
export function maskScores(pits, change, width, leastPx, areaKm2) {
  const label = groups(change, width, leastPx);
  const size = new Map();
  const covered = new Map();
  const all = new Set();
  const good = new Set();
  label.forEach((group, i) => {
    if (group > 0) all.add(group);
    if (pits[i] === 0) return;
    if (group > 0) good.add(group);
    if (pits[i] < 0) return;
    size.set(pits[i], (size.get(pits[i]) ?? 0) + 1);
    if (group === 0) return;
    covered.set(pits[i], (covered.get(pits[i]) ?? 0) + 1);
  });
  const found = [...size].filter(([n, count]) => (covered.get(n) ?? 0) >= 0.3 * count).length;
  const falseCount = all.size - good.size;
  return { mines: size.size, found, patches: all.size, falseCount, falsePer100Km2: (100 * falseCount) / areaKm2 };
}
