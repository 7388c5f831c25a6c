/**
 * WebAssembly SIMD kernels over planar f32 bands: which pixels are valid, which may be hidden (quality-sieve.ts), which may be candidates
 * of the mining detector (mining-sieve.ts), and the morphology of byte masks. Every sum is written in the order of its TypeScript
 * twin, in f32 without fused operations, so that both give the same bits. Pointers are byte offsets; `from`, `count` are pixels.
 */

// ---- validity

/** valid = 1 where every band is finite and differs from its no-data value (NaN = none declared). Returns the number of invalid pixels. */
export function validate(planes: usize, stride: usize, bands: usize, noData: usize, valid: usize, from: i32, count: i32): i32 {
  const infinity = f32x4.splat(Infinity);
  let invalid: i32 = 0;
  let i = from;
  const end = from + count;
  for (; i + 4 <= end; i += 4) {
    let ok = i32x4.splat(-1);
    for (let b: usize = 0; b < bands; b++) {
      const value = v128.load(planes + b * stride + (<usize>i << 2));
      const none = f32x4.splat(load<f32>(noData + (b << 2)));
      ok = v128.and(ok, v128.and(f32x4.lt(f32x4.abs(value), infinity), f32x4.ne(value, none)));
    }
    const packed = bytesOf(ok);
    store<u32>(valid + i, packed);
    if (packed != 0x01010101) invalid += 4 - <i32>popcnt<u32>(packed);
  }
  for (; i < end; i++) {
    let good = true;
    for (let b: usize = 0; b < bands; b++) {
      const value = load<f32>(planes + b * stride + (<usize>i << 2));
      if (!(abs<f32>(value) < Infinity) || value == load<f32>(noData + (b << 2))) good = false;
    }
    store<u8>(valid + i, good ? 1 : 0);
    if (!good) invalid++;
  }
  return invalid;
}

/** Four lane masks as four bytes of 0 or 1. */
@inline
function bytesOf(lanes: v128): u32 {
  const words = i16x8.narrow_i32x4_s(lanes, lanes);
  return i32x4.extract_lane(i8x16.narrow_i16x8_s(words, words), 0) & 0x01010101;
}

/** Values of invalid pixels become 0. */
export function clearInvalid(planes: usize, stride: usize, bands: usize, valid: usize, from: i32, count: i32): void {
  for (let i = from; i < from + count; i++) {
    if (load<u8>(valid + i) != 0) continue;
    for (let b: usize = 0; b < bands; b++) store<f32>(planes + b * stride + (<usize>i << 2), 0);
  }
}

// ---- what a date may hide

/**
 * Adds `bit` (bright) and 2·bit (dark) to the bytes of `out` where a pixel of the date `own` may be a solid part of cloud, snow or shade;
 * returns all bits that were added anywhere. `numbers`: see quality-sieve.ts (LAYOUT).
 */
export function sieveQuality(
  own: usize, other: usize, stride: usize, blue: usize, red: usize, nir: usize,
  numbers: usize, seen: usize, out: usize, bit: i32, from: i32, count: i32,
): i32 {
  const blueGain = v128.load32_splat(numbers);
  const blueOffset = v128.load32_splat(numbers, 4);
  const redGain = v128.load32_splat(numbers, 8);
  const redOffset = v128.load32_splat(numbers, 12);
  const nirGain = v128.load32_splat(numbers, 16);
  const nirOffset = v128.load32_splat(numbers, 20);
  const rise = v128.load32_splat(numbers, 24);
  const leastBlue = v128.load32_splat(numbers, 28);
  const blueShare = v128.load32_splat(numbers, 32);
  const redShare = v128.load32_splat(numbers, 36);
  const nirShare = v128.load32_splat(numbers, 40);
  const faint = v128.load32_splat(numbers, 44);
  const order = v128.load32_splat(numbers, 48);
  const water = v128.load32_splat(numbers, 52);
  const blueAt = blue * stride;
  const redAt = red * stride;
  const nirAt = nir * stride;
  let all: u32 = 0;
  for (let i = from; i < from + count; i += 4) {
    const at = <usize>i << 2;
    const b = v128.load(own + blueAt + at);
    const b1 = f32x4.add(f32x4.mul(blueGain, v128.load(other + blueAt + at)), blueOffset);
    const bright = v128.and(f32x4.gt(f32x4.sub(b, b1), rise), f32x4.gt(b, leastBlue));
    const n = v128.load(own + nirAt + at);
    const n1 = f32x4.add(f32x4.mul(nirGain, v128.load(other + nirAt + at)), nirOffset);
    let dark = v128.or(f32x4.lt(n, f32x4.mul(nirShare, n1)), f32x4.lt(f32x4.min(n, n1), faint));
    if (!v128.any_true(v128.or(bright, dark))) continue;
    if (v128.any_true(dark)) {
      const r = v128.load(own + redAt + at);
      const r1 = f32x4.add(f32x4.mul(redGain, v128.load(other + redAt + at)), redOffset);
      const ofBlue = f32x4.div(b, b1);
      const ofRed = f32x4.div(r, r1);
      const ofNir = f32x4.div(n, n1);
      let shade = v128.and(f32x4.lt(ofRed, redShare), f32x4.lt(ofBlue, blueShare));
      shade = v128.and(shade, f32x4.gt(ofBlue, f32x4.sub(ofRed, order)));
      shade = v128.and(shade, f32x4.lt(ofNir, f32x4.add(ofRed, order)));
      shade = v128.and(shade, f32x4.gt(ofNir, f32x4.mul(water, ofBlue)));
      const darkest = f32x4.min(f32x4.min(f32x4.min(r, r1), f32x4.min(b, b1)), f32x4.min(n, n1));
      dark = v128.and(dark, v128.or(shade, f32x4.lt(darkest, faint)));
    }
    const marks = (bytesOf(bright) * bit | bytesOf(dark) * (bit << 1)) & (load<u32>(seen + i) * 255);
    all |= marks;
    store<u32>(out + i, load<u32>(out + i) | marks);
  }
  all |= all >> 16;
  return (all | (all >> 8)) & 255;
}

// ---- candidates of the mining detector

@inline
function through(plane: usize, at: usize, line: usize): v128 {
  const value = f32x4.add(f32x4.mul(v128.load32_splat(line), v128.load(plane + at)), v128.load32_splat(line, 4));
  return f32x4.max(value, f32x4.splat(0));
}

@inline
function plain(plane: usize, at: usize): v128 {
  return f32x4.max(v128.load(plane + at), f32x4.splat(0));
}

@inline
function standard(value: v128, term: usize): v128 {
  const z = f32x4.mul(f32x4.sub(value, v128.load32_splat(term)), v128.load32_splat(term, 4));
  return f32x4.min(f32x4.max(z, f32x4.splat(-2)), f32x4.splat(2));
}

@inline
function difference(a: v128, b: v128, sum: v128): v128 {
  return f32x4.div(f32x4.sub(a, b), sum);
}

@inline
function weighted(sum: v128, weight: usize, value: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), value));
}

/**
 * out = 1 where both linear models may reach their limits, else 0. `bands`: places of three visible bands, then of high and low of the
 * vegetation index, blue and the long wave. `numbers`: see mining-sieve.ts (LAYOUT), with its offsets in bytes below.
 */
export function sieveMining(
  before: usize, after: usize, stride: usize, bands: usize, numbers: usize, seen: usize, out: usize, from: i32, count: i32,
): i32 {
  const v0 = <usize>load<u32>(bands) * stride;
  const v1 = <usize>load<u32>(bands, 4) * stride;
  const v2 = <usize>load<u32>(bands, 8) * stride;
  const high = <usize>load<u32>(bands, 12) * stride;
  const low = <usize>load<u32>(bands, 16) * stride;
  const blue = <usize>load<u32>(bands, 20) * stride;
  const long = <usize>load<u32>(bands, 24) * stride;
  const brightScale = v128.load32_splat(numbers, 56);
  const longScale = v128.load32_splat(numbers, 60);
  const dark = v128.load32_splat(numbers, 64);
  const faint = v128.load32_splat(numbers, 68);
  const terms = numbers + 72;
  const now = numbers + 136;
  const was = numbers + 164;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const most = f32x4.splat(16);
  let any: u32 = 0;
  for (let i = from; i < from + count; i += 4) {
    const there = load<u32>(seen + i);
    store<u32>(out + i, 0);
    if (there == 0) continue;
    const at = <usize>i << 2;
    const lowValue = through(after + low, at, numbers + 32);
    const highValue = through(after + high, at, numbers + 24);
    const blueValue = through(after + blue, at, numbers + 40);
    const vegSum = f32x4.add(highValue, lowValue);
    const redSum = f32x4.add(lowValue, blueValue);
    const veg = difference(highValue, lowValue, vegSum);
    const redness = difference(lowValue, blueValue, redSum);
    const light = f32x4.add(
      f32x4.add(through(after + v0, at, numbers), through(after + v1, at, numbers + 8)),
      through(after + v2, at, numbers + 16),
    );
    const bright = f32x4.min(f32x4.mul(light, brightScale), most);
    const longLevel = f32x4.min(f32x4.mul(through(after + long, at, numbers + 48), longScale), most);
    const vegZ = standard(veg, terms);
    const brightZ = standard(difference(bright, one, f32x4.add(bright, one)), terms + 16);
    const longZ = standard(difference(longLevel, one, f32x4.add(longLevel, one)), terms + 32);
    const rednessZ = standard(redness, terms + 48);
    let score = v128.load32_splat(now);
    score = weighted(score, now + 4, vegZ);
    score = weighted(score, now + 8, brightZ);
    score = weighted(score, now + 12, longZ);
    score = weighted(score, now + 16, rednessZ);
    score = weighted(score, now + 20, veg);
    const faintNow = f32x4.lt(f32x4.min(vegSum, redSum), dark);
    const mayNow = v128.or(f32x4.ge(score, v128.load32_splat(now, 24)), faintNow);
    if (!v128.any_true(mayNow)) continue;

    const lowBefore = plain(before + low, at);
    const highBefore = plain(before + high, at);
    const blueBefore = plain(before + blue, at);
    const vegSumBefore = f32x4.add(highBefore, lowBefore);
    const redSumBefore = f32x4.add(lowBefore, blueBefore);
    const lightBefore = f32x4.add(
      f32x4.add(plain(before + v0, at), plain(before + v1, at)),
      f32x4.mul(plain(before + v2, at), v128.load32_splat(numbers, 224)),
    );
    const brightBefore = f32x4.min(f32x4.mul(lightBefore, brightScale), most);
    const longBefore = f32x4.min(f32x4.mul(plain(before + long, at), longScale), most);
    const brightSum = f32x4.add(bright, brightBefore);
    const longSum = f32x4.add(longLevel, longBefore);
    const loss = f32x4.sub(difference(highBefore, lowBefore, vegSumBefore), veg);
    const lossZ = standard(loss, terms + 8);
    const gainZ = standard(difference(bright, brightBefore, brightSum), terms + 24);
    const longGainZ = standard(difference(longLevel, longBefore, longSum), terms + 40);
    const reddening = f32x4.sub(redness, difference(lowBefore, blueBefore, redSumBefore));
    const lossUp = f32x4.max(lossZ, zero);
    const length = f32x4.sqrt(
      f32x4.add(f32x4.add(f32x4.mul(lossZ, lossZ), f32x4.mul(gainZ, gainZ)), f32x4.mul(longGainZ, longGainZ)),
    );
    score = v128.load32_splat(was);
    score = weighted(score, was + 4, vegZ);
    score = weighted(score, was + 8, lossZ);
    score = weighted(score, was + 12, brightZ);
    score = weighted(score, was + 16, gainZ);
    score = weighted(score, was + 20, longZ);
    score = weighted(score, was + 24, longGainZ);
    score = weighted(score, was + 28, rednessZ);
    score = weighted(score, was + 32, standard(reddening, terms + 56));
    score = weighted(score, was + 36, veg);
    score = weighted(score, was + 40, loss);
    score = weighted(score, was + 44, f32x4.min(lossUp, f32x4.max(brightZ, zero)));
    score = weighted(score, was + 48, f32x4.min(lossUp, f32x4.max(gainZ, zero)));
    score = weighted(score, was + 52, length);
    let mayWas = f32x4.ge(score, v128.load32_splat(was, 56));
    mayWas = v128.or(mayWas, f32x4.lt(f32x4.min(brightSum, longSum), faint));
    mayWas = v128.or(mayWas, f32x4.lt(f32x4.min(vegSumBefore, redSumBefore), dark));
    mayWas = v128.or(mayWas, faintNow);
    const bytes = bytesOf(v128.and(mayNow, mayWas)) & there;
    any |= bytes;
    store<u32>(out + i, bytes);
  }
  return any != 0 ? 1 : 0;
}

// ---- byte masks

/** out = 1 where the whole (2·radius + 1)² window is 1, windows reaching beyond the array counting as 0; `rows` is scratch. Width a multiple of 16. */
export function erodeInside(mask: usize, width: i32, height: i32, radius: i32, rows: usize, out: usize): void {
  const size = width * height;
  memory.fill(out, 0, size);
  for (let y = 0; y < height; y++) {
    const line = mask + y * width;
    const to = rows + y * width;
    for (let x = 0; x < width; x += 16) {
      let all = v128.load(line + x);
      if (v128.any_true(all)) {
        for (let d = 1; d <= radius; d++) all = v128.and(all, v128.and(v128.load(line + x - d), v128.load(line + x + d)));
      }
      v128.store(to + x, all);
    }
  }
  for (let y = radius; y < height - radius; y++) {
    const line = rows + y * width;
    for (let x = 0; x < width; x += 16) {
      let all = v128.load(line + x);
      if (!v128.any_true(all)) continue;
      for (let d = 1; d <= radius; d++) all = v128.and(all, v128.and(v128.load(line + x - d * width), v128.load(line + x + d * width)));
      v128.store(out + y * width + x, all);
    }
  }
}

/** cells = 1 where the square of 16 × 16 pixels has a set one. Width a multiple of 16; the last row of cells may be shorter. */
export function cellsAny(mask: usize, width: i32, height: i32, cells: usize): void {
  const across = width >> 4;
  for (let top = 0, row = 0; top < height; top += 16, row++) {
    const bottom = min<i32>(height, top + 16);
    for (let c = 0; c < across; c++) {
      let any = i32x4.splat(0);
      for (let y = top; y < bottom; y++) any = v128.or(any, v128.load(mask + y * width + (c << 4)));
      store<u8>(cells + row * across + c, v128.any_true(any) ? 1 : 0);
    }
  }
}

/**
 * The mask with a frame of `frame` ones around it, so that windows cut at its edge count as whole; rows of `padded` bytes (a multiple of 16,
 * at least width + 2·frame), the rest of each 0. `to` has height + 2·frame rows.
 */
export function framed(from: usize, width: i32, height: i32, frame: i32, to: usize, padded: i32): void {
  const ones = width + 2 * frame;
  for (let y = 0; y < height + 2 * frame; y++) {
    const line = to + y * padded;
    memory.fill(line, 1, ones);
    memory.fill(line + ones, 0, padded - ones);
    if (y >= frame && y < height + frame) memory.copy(line + frame, from + (y - frame) * width, width);
  }
}

/** counts[cell] = pixels of each square of `side` pixels whose byte has a bit of `mask`; cells row by row, `across` of them. */
export function countMarks(marks: usize, mask: i32, width: i32, height: i32, side: i32, across: i32, counts: usize): void {
  const bits = i8x16.splat(<i8>mask);
  const zero = i8x16.splat(0);
  for (let y = 0; y < height; y++) {
    const line = marks + <usize>(y * width);
    for (let cell = 0; cell < across; cell++) {
      const end = min<i32>(width, (cell + 1) * side);
      let sum: i32 = 0;
      let x = cell * side;
      for (; x + 16 <= end; x += 16) {
        const found = i8x16.ne(v128.and(v128.load(line + <usize>x), bits), zero);
        if (v128.any_true(found)) sum += popcnt(i8x16.bitmask(found));
      }
      for (; x < end; x++) sum += load<u8>(line + <usize>x) & mask ? 1 : 0;
      const at = counts + (<usize>((y / side) * across + cell) << 2);
      store<i32>(at, load<i32>(at) + sum);
    }
  }
}
