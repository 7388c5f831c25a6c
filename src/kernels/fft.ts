/**
 * Fast Fourier transform of a square complex image whose side is a power of two, in place (radix 2, decimation in time:
 * Cooley & Tukey 1965). Twiddle factors come from a table, so that the same input gives the same bits everywhere.
 */
export interface FftPlan {
  readonly size: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly reversed: Uint32Array;
  readonly lineRe: Float64Array;
  readonly lineIm: Float64Array;
}

export function planFft(size: number): FftPlan {
  if (size < 2 || (size & (size - 1)) !== 0) throw new RangeError(`FFT side ${size} is not a power of two`);
  const cos = new Float64Array(size / 2);
  const sin = new Float64Array(size / 2);
  for (let i = 0; i < size / 2; i++) {
    cos[i] = Math.cos((2 * Math.PI * i) / size);
    sin[i] = -Math.sin((2 * Math.PI * i) / size);
  }
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1]! >> 1) | ((i & 1) * (size >> 1));
  return { size, cos, sin, reversed, lineRe: new Float64Array(size), lineIm: new Float64Array(size) };
}

function transformLine(plan: FftPlan): void {
  const { size, cos, sin, lineRe: re, lineIm: im } = plan;
  for (let half = 1; half < size; half <<= 1) {
    const step = size / (half << 1);
    for (let start = 0; start < size; start += half << 1) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * step]!;
        const s = sin[k * step]!;
        const low = start + k;
        const high = low + half;
        const xr = re[high]! * c - im[high]! * s;
        const xi = re[high]! * s + im[high]! * c;
        re[high] = re[low]! - xr;
        im[high] = im[low]! - xi;
        re[low] = re[low]! + xr;
        im[low] = im[low]! + xi;
      }
    }
  }
}

/** Forward transform of `size × size` complex numbers, unscaled. The inverse is the forward one of the conjugate. */
export function fft2d(plan: FftPlan, re: Float64Array, im: Float64Array): void {
  const { size, reversed, lineRe, lineIm } = plan;
  for (let pass = 0; pass < 2; pass++) {
    const along = pass === 0 ? 1 : size;
    const across = pass === 0 ? size : 1;
    for (let line = 0; line < size; line++) {
      const origin = line * across;
      for (let i = 0; i < size; i++) {
        const at = origin + i * along;
        lineRe[reversed[i]!] = re[at]!;
        lineIm[reversed[i]!] = im[at]!;
      }
      transformLine(plan);
      for (let i = 0; i < size; i++) {
        const at = origin + i * along;
        re[at] = lineRe[i]!;
        im[at] = lineIm[i]!;
      }
    }
  }
}
