import { type ColourMap, palette } from './colours';
import { NOT_MEASURED, type Panel } from './skc1';

export const STRETCHES = ['asinh', 'zscale', 'linear'] as const;
export type Stretch = (typeof STRETCHES)[number];

/** How images are shown: the same for all panels of all candidates. */
export interface Look {
  readonly stretch: Stretch;
  readonly map: ColourMap;
  readonly inverted: boolean;
}

export const PLAIN: Look = { stretch: 'asinh', map: 'grey', inverted: false };

interface Range {
  readonly low: number;
  readonly high: number;
}

interface Decoded {
  /** In sigmas from the display's zero, row-major, bottom row first; NaN where not measured. */
  readonly values: Float32Array;
  /** Those that were measured, ascending. */
  readonly sorted: Float32Array;
}

/** One image of a candidate, drawn off screen as it was last asked for. Nothing is decoded before it is first looked at. */
export class Picture {
  readonly width: number;
  readonly height: number;
  /** Pixel value at the display's zero, in the survey's unit: the median, and 0 for a difference. */
  private readonly zero: number;
  private readonly sigma: number;
  private decoded: Decoded | null = null;
  private canvas: HTMLCanvasElement | null = null;
  private drawn: Look | null = null;

  /** @param diverging for the difference: it counts from true zero and is symmetric around it */
  constructor(
    private readonly panel: Panel,
    private readonly diverging: boolean,
  ) {
    this.width = panel.width;
    this.height = panel.height;
    this.sigma = panel.sigma;
    this.zero = diverging ? 0 : panel.median;
  }

  private get data(): Decoded {
    if (this.decoded) return this.decoded;
    const { codes, lo, hi, median, sigma } = this.panel;
    const offset = this.diverging ? median / sigma : 0;
    const step = (hi - lo) / (NOT_MEASURED - 1);
    const values = new Float32Array(codes.length);
    const measured = new Float32Array(codes.length);
    let count = 0;
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] as number;
      if (code === NOT_MEASURED) values[i] = NaN;
      else measured[count++] = values[i] = Math.sinh(lo + step * code) + offset;
    }
    return (this.decoded = { values, sorted: measured.subarray(0, count).sort() });
  }

  /** @return the value in the survey's unit and in sigmas; null if not measured. Counted from the top left, as on screen. */
  at(x: number, y: number): { value: number; sigmas: number } | null {
    const sigmas = this.data.values[(this.height - 1 - y) * this.width + x] as number;
    return Number.isNaN(sigmas) ? null : { value: this.zero + this.sigma * sigmas, sigmas };
  }

  /** True pixels, one to one, last row up; drawn anew only if the look is another than last time. */
  image(look: Look): HTMLCanvasElement {
    if (this.canvas && this.drawn === look) return this.canvas;
    if (!this.canvas) {
      this.canvas = document.createElement('canvas');
      this.canvas.width = this.width;
      this.canvas.height = this.height;
    }
    this.paint(this.canvas, look);
    this.drawn = look;
    return this.canvas;
  }

  private paint(canvas: HTMLCanvasElement, look: Look): void {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('this browser cannot draw on a canvas');
    const { width, height } = this;
    const { values, sorted } = this.data;
    const { pixels, missing } = palette(look.map, this.diverging, look.inverted);
    const { low, high } = this.range(look.stretch, sorted);
    const soft = look.stretch === 'asinh';
    const from = soft ? Math.asinh(low / 2) : low;
    const scale = 255 / ((soft ? Math.asinh(high / 2) : high) - from);
    const image = context.createImageData(width, height);
    const target = new Uint32Array(image.data.buffer);
    let at = 0;
    // FITS counts rows from the bottom, canvases from the top.
    for (let y = height - 1; y >= 0; y--) {
      for (let source = y * width, end = source + width; source < end; source++) {
        const value = values[source] as number;
        const level = Math.round(((soft ? Math.asinh(value / 2) : value) - from) * scale);
        target[at++] = Number.isNaN(level) ? missing : (pixels[level < 0 ? 0 : level > 255 ? 255 : level] as number);
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** The limits of the display, in sigmas from its zero. */
  private range(stretch: Stretch, sorted: Float32Array): Range {
    if (sorted.length === 0) return { low: -2, high: 8 };
    const { low, high } = stretch === 'zscale' ? zscale(sorted) : this.limits(sorted);
    if (!this.diverging) return { low, high };
    const most = Math.max(Math.abs(low), Math.abs(high));
    return { low: -most, high: most };
  }

  /**
   * Science and template, whose zero is the median, run from -2 to the 99.8th percentile (at least 8); the difference
   * ends between 10 and 60.
   */
  private limits(sorted: Float32Array): Range {
    const top = quantile(sorted, 0.998);
    if (!this.diverging) return { low: -2, high: Math.max(8, top) };
    const high = Math.min(60, Math.max(10, Math.abs(top), Math.abs(quantile(sorted, 0.002))));
    return { low: -high, high };
  }
}

const CONTRAST = 0.25;
const REJECT_SIGMAS = 2.5;
const ITERATIONS = 5;

/**
 * The limits that IRAF's display task takes: a line through the sorted pixels around their median, outliers rejected, made
 * steeper by the contrast. An image that is mostly outliers gets its whole range.
 *
 * @param sorted ascending, not empty
 */
export function zscale(sorted: Float32Array): Range {
  const n = sorted.length;
  const [least, most] = [sorted[0] as number, sorted[n - 1] as number];
  const middle = (n - 1) / 2;
  const keep = new Uint8Array(n).fill(1);
  let slope = 0;
  let kept = n;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      if (!keep[i]) continue;
      const x = i - middle;
      const y = sorted[i] as number;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
    const spread = kept * sxx - sx * sx;
    slope = spread > 0 ? (kept * sxy - sx * sy) / spread : 0;
    const intercept = (sy - slope * sx) / kept;
    let squares = 0;
    for (let i = 0; i < n; i++) if (keep[i]) squares += ((sorted[i] as number) - intercept - slope * (i - middle)) ** 2;
    const threshold = REJECT_SIGMAS * Math.sqrt(squares / kept);
    const before = kept;
    for (let i = 0; i < n; i++) {
      if (keep[i] && Math.abs((sorted[i] as number) - intercept - slope * (i - middle)) > threshold) {
        keep[i] = 0;
        kept--;
      }
    }
    if (kept < Math.max(5, n / 2)) return widened(least, most);
    if (kept === before) break;
  }
  const median = quantile(sorted, 0.5);
  const reach = (slope / CONTRAST) * middle;
  return widened(Math.max(least, median - reach), Math.min(most, median + reach));
}

/** A flat image has no range of its own. */
function widened(low: number, high: number): Range {
  return high > low ? { low, high } : { low: low - 1, high: low + 1 };
}

function quantile(sorted: Float32Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}
