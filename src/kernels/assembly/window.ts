/**
 * WebAssembly SIMD kernels for a window of fine imagery (mining-window.ts): index planes and scores in double precision, two pixels at a
 * time, in the order of operations of mining-index.ts and mining-score.ts; masks as bytes in frames, sixteen at a time. Same bits as those.
 */

@inline
function rounded(value: v128): v128 {
  return f64x2.floor(f64x2.add(value, f64x2.splat(0.5)));
}

@inline
function light(plane: usize, at: usize, line: usize): v128 {
  const value = f64x2.promote_low_f32x4(v128.load64_zero(plane + at));
  const through = f64x2.add(f64x2.mul(v128.load64_splat(line), value), v128.load64_splat(line, 8));
  return v128.and(through, f64x2.gt(through, f64x2.splat(0)));
}

@inline
function ratio(high: v128, low: v128): v128 {
  const sum = f64x2.add(high, low);
  const r = f64x2.div(f64x2.mul(f64x2.splat(1000), f64x2.sub(high, low)), sum);
  const cut = f64x2.min(f64x2.max(r, f64x2.splat(-1000)), f64x2.splat(1000));
  return v128.and(rounded(cut), f64x2.gt(sum, f64x2.splat(0.000001)));
}

@inline
function level(value: v128, median: v128): v128 {
  const r = f64x2.div(f64x2.mul(f64x2.splat(1000), value), median);
  return rounded(f64x2.min(f64x2.max(r, f64x2.splat(0)), f64x2.splat(16000)));
}

@inline
function put(to: usize, value: v128, there: v128): void {
  const whole = i32x4.trunc_sat_f64x2_s_zero(v128.and(value, there));
  store<i16>(to, <i16>i32x4.extract_lane(whole, 0));
  store<i16>(to, <i16>i32x4.extract_lane(whole, 1), 2);
}

/**
 * Vegetation, brightness, long wave and redness of one date in thousandths, four i16 planes `outStride` bytes apart. `bands`: how many
 * visible ones, their three places, then high, low, blue, long; `lines`: gain and offset of those seven; `medians`: brightness, long wave.
 */
export function indexDate(
  planes: usize, stride: usize, bands: usize, lines: usize, medians: usize, seen: usize, count: i32, out: usize, outStride: usize,
): void {
  const visible = load<u32>(bands);
  const v0 = planes + <usize>load<u32>(bands, 4) * stride;
  const v1 = planes + <usize>load<u32>(bands, 8) * stride;
  const v2 = planes + <usize>load<u32>(bands, 12) * stride;
  const high = planes + <usize>load<u32>(bands, 16) * stride;
  const low = planes + <usize>load<u32>(bands, 20) * stride;
  const blue = planes + <usize>load<u32>(bands, 24) * stride;
  const long = planes + <usize>load<u32>(bands, 28) * stride;
  const share = f64x2.splat(<f64>visible);
  const brightMedian = v128.load64_splat(medians);
  const longMedian = v128.load64_splat(medians, 8);
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 2;
    const there = i64x2.ne(i64x2.replace_lane(i64x2.splat(<i64>load<u8>(seen + i)), 1, <i64>load<u8>(seen + i, 1)), i64x2.splat(0));
    let sum = f64x2.add(light(v0, at, lines), light(v1, at, lines + 16));
    if (visible > 2) sum = f64x2.add(sum, light(v2, at, lines + 32));
    const lowLight = light(low, at, lines + 64);
    const to = out + (<usize>i << 1);
    put(to, ratio(light(high, at, lines + 48), lowLight), there);
    put(to + outStride, level(f64x2.div(sum, share), brightMedian), there);
    put(to + 2 * outStride, level(light(long, at, lines + 96), longMedian), there);
    put(to + 3 * outStride, ratio(lowLight, light(blue, at, lines + 80)), there);
  }
}

@inline
function whole(plane: usize, at: usize): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.extend_low_i16x8_s(v128.load32_zero(plane + at)));
}

@inline
function difference(a: v128, b: v128): v128 {
  const sum = f64x2.add(a, b);
  return v128.and(f64x2.div(f64x2.sub(a, b), sum), f64x2.gt(sum, f64x2.splat(0)));
}

@inline
function standard(value: v128, term: usize): v128 {
  const z = f64x2.div(f64x2.sub(value, v128.load64_splat(term)), v128.load64_splat(term, 8));
  return f64x2.div(f64x2.min(f64x2.max(z, f64x2.splat(-8)), f64x2.splat(8)), f64x2.splat(4));
}

@inline
function weighted(sum: v128, weight: usize, value: v128): v128 {
  return f64x2.add(sum, f64x2.mul(v128.load64_splat(weight), value));
}

/**
 * Scores (i16, log-odds × 100). `before`, `after`: planes of indexDate; `terms`: centre and spread of vegAfter, loss, brightAfter, gain,
 * longAfter, longGain, redAfter, redGain; `was`: fourteen weights, `now`: six, in the order of mining-sieve.ts; `limits`: least magnitude.
 */
export function scorePixels(
  before: usize, after: usize, stride: usize, terms: usize, was: usize, now: usize, limits: usize, seen: usize, count: i32, out: usize,
): void {
  const thousand = f64x2.splat(1000);
  const zero = f64x2.splat(0);
  const least = v128.load64_splat(limits);
  const unchanged = f64x2.splat(-2000);
  const most = f64x2.splat(2000);
  const hundred = f64x2.splat(100);
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 1;
    const vegAfter = whole(after, at);
    const brightAfter = whole(after + stride, at);
    const longAfter = whole(after + 2 * stride, at);
    const redAfter = whole(after + 3 * stride, at);
    const loss = f64x2.div(f64x2.sub(whole(before, at), vegAfter), thousand);
    const lossZ = standard(loss, terms + 16);
    const gainZ = standard(difference(brightAfter, whole(before + stride, at)), terms + 48);
    const longGainZ = standard(difference(longAfter, whole(before + 2 * stride, at)), terms + 80);
    const length = f64x2.sqrt(
      f64x2.add(f64x2.add(f64x2.mul(lossZ, lossZ), f64x2.mul(gainZ, gainZ)), f64x2.mul(longGainZ, longGainZ)),
    );
    const still = f64x2.lt(length, least);
    let scaled = unchanged;
    if (!i64x2.all_true(still)) {
      const veg = f64x2.div(vegAfter, thousand);
      const vegZ = standard(veg, terms);
      const brightZ = standard(difference(brightAfter, thousand), terms + 32);
      const longZ = standard(difference(longAfter, thousand), terms + 64);
      const redZ = standard(f64x2.div(redAfter, thousand), terms + 96);
      const redGain = f64x2.div(f64x2.sub(redAfter, whole(before + 3 * stride, at)), thousand);
      const lossUp = f64x2.max(lossZ, zero);
      let sum = v128.load64_splat(was);
      sum = weighted(sum, was + 8, vegZ);
      sum = weighted(sum, was + 16, lossZ);
      sum = weighted(sum, was + 24, brightZ);
      sum = weighted(sum, was + 32, gainZ);
      sum = weighted(sum, was + 40, longZ);
      sum = weighted(sum, was + 48, longGainZ);
      sum = weighted(sum, was + 56, redZ);
      sum = weighted(sum, was + 64, standard(redGain, terms + 112));
      sum = weighted(sum, was + 72, veg);
      sum = weighted(sum, was + 80, loss);
      sum = weighted(sum, was + 88, f64x2.min(lossUp, f64x2.max(brightZ, zero)));
      sum = weighted(sum, was + 96, f64x2.min(lossUp, f64x2.max(gainZ, zero)));
      sum = weighted(sum, was + 104, length);
      let open = v128.load64_splat(now);
      open = weighted(open, now + 8, vegZ);
      open = weighted(open, now + 16, brightZ);
      open = weighted(open, now + 24, longZ);
      open = weighted(open, now + 32, redZ);
      open = weighted(open, now + 40, veg);
      sum = f64x2.min(sum, open);
      scaled = f64x2.min(f64x2.max(rounded(f64x2.mul(sum, hundred)), unchanged), most);
      scaled = v128.bitselect(unchanged, scaled, still);
    }
    const words = i32x4.trunc_sat_f64x2_s_zero(scaled);
    store<i16>(out + at, load<u8>(seen + i) ? <i16>i32x4.extract_lane(words, 0) : -32768);
    store<i16>(out + at, load<u8>(seen + i, 1) ? <i16>i32x4.extract_lane(words, 1) : -32768, 2);
  }
}

// ---- masks in frames: rows of `wide` bytes, `frame` bytes and rows around the picture

@inline
function setFrame(mask: usize, wide: usize, tall: i32, across: i32, frame: i32, value: u8): void {
  const side = <usize>frame;
  const width = <usize>across;
  memory.fill(mask, value, side * wide);
  memory.fill(mask + <usize>(tall - frame) * wide, value, side * wide);
  for (let y = frame; y < tall - frame; y++) {
    memory.fill(mask + <usize>y * wide, value, side);
    memory.fill(mask + <usize>y * wide + side + width, value, wide - side - width);
  }
}

/** The square window's AND (shrink) or OR; pixels beyond the picture count as neither. */
function spread(from: usize, to: usize, rows: usize, wide: usize, tall: i32, width: i32, frame: i32, radius: i32, shrink: bool): void {
  setFrame(from, wide, tall, width, frame, shrink ? 1 : 0);
  const end = <usize>tall * wide;
  for (let i: usize = 16; i < end - 16; i += 16) {
    let all = v128.load(from + i);
    for (let d: usize = 1; d <= <usize>radius; d++) {
      const both = shrink
        ? v128.and(v128.load(from + i - d), v128.load(from + i + d))
        : v128.or(v128.load(from + i - d), v128.load(from + i + d));
      all = shrink ? v128.and(all, both) : v128.or(all, both);
    }
    v128.store(rows + i, all);
  }
  // only rows inside the frame are read again; the rows around the picture stand for nothing
  memory.fill(rows, shrink ? 1 : 0, <usize>frame * wide);
  memory.fill(rows + <usize>(tall - frame) * wide, shrink ? 1 : 0, <usize>frame * wide);
  for (let y = frame; y < tall - frame; y++) {
    const line = <usize>y * wide;
    for (let x: usize = 0; x < wide; x += 16) {
      let all = v128.load(rows + line + x);
      for (let d: usize = 1; d <= <usize>radius; d++) {
        const above = v128.load(rows + line + x - d * wide);
        const below = v128.load(rows + line + x + d * wide);
        all = shrink ? v128.and(all, v128.and(above, below)) : v128.or(all, v128.or(above, below));
      }
      v128.store(to + line + x, all);
    }
  }
}

/**
 * Candidates of a threshold, opened, grown back, closed, within what is seen (mining-shape, tidyMask). `a`, `b`, `c`: framed masks; `candidates`
 * and `out` are plain bytes. Returns 0 where there is no candidate; then `out` is not written.
 */
export function tidyMask(
  scores: usize, seen: usize, width: i32, height: i32, threshold: i32, open: i32, grow: i32, close: i32,
  a: usize, b: usize, c: usize, frame: i32, wide: i32, candidates: usize, out: usize,
): i32 {
  const across = <usize>wide;
  const tall = height + 2 * frame;
  const least = i16x8.splat(<i16>threshold);
  const hidden = i16x8.splat(-32768);
  const ones = i8x16.splat(1);
  let found = i8x16.splat(0);
  // rows are taken sixteen pixels at a time; what reaches beyond a row's end is written over by the next row, or lies in the frame
  for (let y = 0; y < height; y++) {
    const line = a + <usize>(y + frame) * across + <usize>frame;
    for (let x = 0; x < width; x += 16) {
      const i = <usize>(y * width + x);
      const low = v128.load(scores + (i << 1));
      const high = v128.load(scores + (i << 1), 16);
      const lowIs = v128.and(i16x8.ge_s(low, least), i16x8.ne(low, hidden));
      const highIs = v128.and(i16x8.ge_s(high, least), i16x8.ne(high, hidden));
      const is = v128.and(i8x16.narrow_i16x8_s(lowIs, highIs), ones);
      v128.store(candidates + i, is);
      v128.store(line + <usize>x, is);
      found = v128.or(found, x + 16 <= width ? is : v128.and(is, firstLanes(width - x)));
    }
  }
  if (!v128.any_true(found)) return 0;
  if (open > 0) {
    spread(a, b, c, across, tall, width, frame, open, true);
    spread(b, a, c, across, tall, width, frame, open, false);
    spread(a, b, c, across, tall, width, frame, grow, false);
    for (let y = 0; y < height; y++) {
      const line = <usize>(y + frame) * across + <usize>frame;
      for (let x = 0; x < width; x += 16) {
        const grown = v128.load(b + line + <usize>x);
        v128.store(a + line + <usize>x, v128.and(grown, v128.load(candidates + <usize>(y * width + x))));
      }
    }
  }
  if (close > 0) {
    spread(a, b, c, across, tall, width, frame, close, false);
    spread(b, a, c, across, tall, width, frame, close, true);
  }
  for (let y = 0; y < height; y++) {
    const line = a + <usize>(y + frame) * across + <usize>frame;
    for (let x = 0; x < width; x += 16) {
      const i = <usize>(y * width + x);
      v128.store(out + i, v128.and(v128.load(line + <usize>x), v128.load(seen + i)));
    }
  }
  return 1;
}

/** All bits of the first `count` bytes. */
@inline
function firstLanes(count: i32): v128 {
  return i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>count));
}

/** Adds (or takes away) a row's masked values to the columns: how many, sum of the vegetation index, sum of brightness; i32 each. */
function addRow(mask: usize, which: i32, veg: usize, bright: usize, columns: usize, wide: usize, from: usize, to: usize, sign: i32): void {
  const one = i8x16.splat(<i8>which);
  const times = i16x8.splat(<i16>sign);
  const vegColumns = columns + (wide << 2);
  const brightColumns = vegColumns + (wide << 2);
  for (let x = from; x < to; x += 16) {
    const is = i8x16.eq(v128.load(mask + x), one);
    if (!v128.any_true(is)) continue;
    for (let half: usize = 0; half < 2; half++) {
      const words = half ? i16x8.extend_high_i8x16_s(is) : i16x8.extend_low_i8x16_s(is);
      const at = (x + (half << 3)) << 2;
      const source = (x + (half << 3)) << 1;
      const counts = i16x8.mul(i16x8.neg(words), times);
      const vegs = i16x8.mul(v128.and(words, v128.load(veg + source)), times);
      const brights = i16x8.mul(v128.and(words, v128.load(bright + source)), times);
      v128.store(columns + at, i32x4.add(v128.load(columns + at), i32x4.extend_low_i16x8_s(counts)));
      v128.store(columns + at, i32x4.add(v128.load(columns + at, 16), i32x4.extend_high_i16x8_s(counts)), 16);
      v128.store(vegColumns + at, i32x4.add(v128.load(vegColumns + at), i32x4.extend_low_i16x8_s(vegs)));
      v128.store(vegColumns + at, i32x4.add(v128.load(vegColumns + at, 16), i32x4.extend_high_i16x8_s(vegs)), 16);
      v128.store(brightColumns + at, i32x4.add(v128.load(brightColumns + at), i32x4.extend_low_i16x8_s(brights)));
      v128.store(brightColumns + at, i32x4.add(v128.load(brightColumns + at, 16), i32x4.extend_high_i16x8_s(brights)), 16);
    }
  }
}

/** Sum of `count` columns. */
@inline
function acrossOf(columns: usize, count: i32): i32 {
  let sums = v128.load(columns);
  let i = 4;
  for (; i + 4 <= count; i += 4) sums = i32x4.add(sums, v128.load(columns + (<usize>i << 2)));
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; i < count; i++) sum += load<i32>(columns + (<usize>i << 2));
  return sum;
}

/**
 * Pixels within `edge` of the mask's outline go to the nearer of two local means (mining-edge). `mask`, `out`: plain bytes; `veg`, `bright`: i16
 * planes. Radius of the means: edge + 4. `columns`: room for six i32 rows of `wide`. */
export function refineEdge(
  mask: usize, seen: usize, veg: usize, bright: usize, width: i32, height: i32, edge: i32, fewest: i32,
  a: usize, core: usize, outer: usize, rows: usize, frame: i32, wide: i32, columns: usize, out: usize,
): void {
  const line = <usize>wide;
  const tall = height + 2 * frame;
  const radius = edge + 4;
  memory.fill(a, 0, line * <usize>tall);
  for (let y = 0; y < height; y++) memory.copy(a + <usize>(y + frame) * line + <usize>frame, mask + <usize>(y * width), width);
  spread(a, core, rows, line, tall, width, frame, edge, true);
  spread(a, outer, rows, line, tall, width, frame, edge, false);
  setFrame(core, line, tall, width, frame, 0);
  // `outer` so far says what the band reaches: 2 = reached, 1 = ground around that is seen, 0 = neither
  for (let y = 0; y < height; y++) {
    const at = outer + <usize>(y + frame) * line + <usize>frame;
    for (let x = 0; x < width; x += 16) {
      const reached = i8x16.ne(v128.load(at + <usize>x), i8x16.splat(0));
      v128.store(at + <usize>x, v128.bitselect(i8x16.splat(2), v128.load(seen + <usize>(y * width + x)), reached));
    }
  }
  setFrame(outer, line, tall, width, frame, 0);
  const inside = columns;
  const around = columns + ((line * 3) << 2);
  memory.fill(columns, 0, (line * 6) << 2);
  const to = <usize>(frame + width);
  for (let y = -radius; y < height; y++) {
    // rows of the framed masks; the picture's planes begin at `frame` columns
    const enter = y + radius;
    if (enter < height) {
      const row = <usize>(enter + frame) * line;
      const shift = <usize>((enter * width - frame) << 1);
      addRow(core + row, 1, veg + shift, bright + shift, inside, line, <usize>frame, to, 1);
      addRow(outer + row, 1, veg + shift, bright + shift, around, line, <usize>frame, to, 1);
    }
    const leave = y - radius - 1;
    if (leave >= 0) {
      const row = <usize>(leave + frame) * line;
      const shift = <usize>((leave * width - frame) << 1);
      addRow(core + row, 1, veg + shift, bright + shift, inside, line, <usize>frame, to, -1);
      addRow(outer + row, 1, veg + shift, bright + shift, around, line, <usize>frame, to, -1);
    }
    if (y < 0) continue;
    const count = 2 * radius + 1;
    const stride = line << 2;
    for (let x = 0; x < width; x += 16) {
      const i = <usize>(y * width + x);
      const at = <usize>(y + frame) * line + <usize>(frame + x);
      let band = v128.and(i8x16.eq(v128.load(outer + at), i8x16.splat(2)), i8x16.eq(v128.load(core + at), i8x16.splat(0)));
      band = v128.and(band, i8x16.ne(v128.load(seen + i), i8x16.splat(0)));
      v128.store(out + i, v128.load(mask + i));
      let lanes: u32 = i8x16.bitmask(band);
      if (x + 16 > width) lanes &= (<u32>1 << (width - x)) - 1;
      while (lanes != 0) {
        const lane = ctz<u32>(lanes);
        lanes &= lanes - 1;
        const first = <usize>(frame + x + <i32>lane - radius) << 2;
        const innerCount = acrossOf(inside + first, count);
        if (innerCount < fewest) continue;
        const outerCount = acrossOf(around + first, count);
        if (outerCount < fewest) continue;
        const pixel = i + <usize>lane;
        const v = <f64>load<i16>(veg + (pixel << 1));
        const b = <f64>load<i16>(bright + (pixel << 1));
        const innerVeg = <f64>acrossOf(inside + stride + first, count) / <f64>innerCount;
        const innerBright = <f64>acrossOf(inside + 2 * stride + first, count) / <f64>innerCount;
        const outerVeg = <f64>acrossOf(around + stride + first, count) / <f64>outerCount;
        const outerBright = <f64>acrossOf(around + 2 * stride + first, count) / <f64>outerCount;
        const inner = distance(v - innerVeg, b - innerBright) < distance(v - outerVeg, b - outerBright);
        store<u8>(out + pixel, inner ? 1 : 0);
      }
    }
  }
}

@inline
function distance(veg: f64, bright: f64): f64 {
  return 4 * veg * veg + bright * bright;
}
