/** Seeded textures for tests: a sum of waves with ground-like (1/f) spectrum that can be sampled between pixels exactly. */

/** Numbers 0–1 from a seed (Park & Miller 1988). */
export function randomFrom(seed: number): () => number {
  let state = (seed * 7919 + 12345) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Normal deviates, mean 0, deviation 1. */
export function noise(count: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(Math.max(1e-12, random())));
    return radius * Math.cos(2 * Math.PI * random());
  });
}

/** About 0 ± 100. */
export function fractal(width: number, height: number, seed: number): Float32Array {
  return moved(seed, width, height, 0, 0);
}

/** The texture of `seed` whose content lies `x` pixels farther right and `y` farther down. */
export function moved(seed: number, width: number, height: number, x: number, y: number): Float32Array {
  const random = randomFrom(seed);
  const out = new Float32Array(width * height);
  for (let wave = 0; wave < 90; wave++) {
    const frequency = 0.008 * 45 ** random();
    const direction = 2 * Math.PI * random();
    const phase = 2 * Math.PI * random();
    const fx = 2 * Math.PI * frequency * Math.cos(direction);
    const fy = 2 * Math.PI * frequency * Math.sin(direction);
    const amplitude = 2.2 / Math.sqrt(frequency);
    for (let row = 0; row < height; row++) {
      for (let col = 0; col < width; col++) {
        const i = row * width + col;
        out[i] = (out[i] ?? 0) + amplitude * Math.cos(fx * (col - x) + fy * (row - y) + phase);
      }
    }
  }
  return out;
}
