/** Seeded random numbers (mulberry32): the same seed plants the same pits on every machine. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    whole: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform()),
    pick: (list) => list[Math.floor(uniform() * list.length)],
  };
}

/** A field of smooth noise, zero mean, about unit spread; `cell` = distance of independent values in pixels. */
export function smoothNoise(random, width, height, cell) {
  const w = Math.ceil(width / cell) + 2;
  const h = Math.ceil(height / cell) + 2;
  const lattice = Float32Array.from({ length: w * h }, () => random.normal());
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = y / cell;
    const j = Math.floor(v);
    const fy = v - j;
    for (let x = 0; x < width; x++) {
      const u = x / cell;
      const i = Math.floor(u);
      const fx = u - i;
      const a = lattice[j * w + i] * (1 - fx) + lattice[j * w + i + 1] * fx;
      const b = lattice[(j + 1) * w + i] * (1 - fx) + lattice[(j + 1) * w + i + 1] * fx;
      out[y * width + x] = (a * (1 - fy) + b * fy) * 1.4;
    }
  }
  return out;
}
