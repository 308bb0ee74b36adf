import { NOT_MEASURED, type Panel } from './skc1';

/** The flat blue of what was not measured, as in the PNGs: no grey equals it, inverted or not. */
export const NAN_COLOUR = [0x2b, 0x3a, 0x67] as const;

/**
 * The limits of the display, in sigmas from its zero. Science and template, whose zero is the median, run from -2 to the
 * 99.8th percentile (at least 8); the difference is symmetric around true zero and ends between 10 and 60.
 */
export function limits(panel: Panel, diverging: boolean): { low: number; high: number } {
  const sorted = panel.codes.filter((code) => code !== NOT_MEASURED).sort();
  if (sorted.length === 0) return { low: -2, high: 8 };
  const zero = zeroOffset(panel, diverging);
  const top = sigmas(panel, quantile(sorted, 0.998)) + zero;
  if (!diverging) return { low: -2, high: Math.max(8, top) };
  const bottom = sigmas(panel, quantile(sorted, 0.002)) + zero;
  const high = Math.min(60, Math.max(10, Math.abs(top), Math.abs(bottom)));
  return { low: -high, high };
}

/** Paints a panel as true pixels, one to one, north side of the array up; asinh(x / 2 sigma) between the limits. */
export function paint(panel: Panel, diverging: boolean): HTMLCanvasElement {
  const { width, height, codes } = panel;
  const { low, high } = limits(panel, diverging);
  const zero = zeroOffset(panel, diverging);
  const from = Math.asinh(low / 2);
  const scale = 255 / (Math.asinh(high / 2) - from);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser cannot draw on a canvas');
  const image = context.createImageData(width, height);
  const bytes = image.data;
  for (let y = 0; y < height; y++) {
    // FITS counts rows from the bottom, canvases from the top.
    let source = (height - 1 - y) * width;
    let target = y * width * 4;
    for (let x = 0; x < width; x++, source++, target += 4) {
      const code = codes[source] as number;
      if (code === NOT_MEASURED) {
        bytes[target] = NAN_COLOUR[0];
        bytes[target + 1] = NAN_COLOUR[1];
        bytes[target + 2] = NAN_COLOUR[2];
      } else {
        const grey = (Math.asinh((sigmas(panel, code) + zero) / 2) - from) * scale;
        // Uint8ClampedArray rounds and clamps.
        bytes[target] = bytes[target + 1] = bytes[target + 2] = grey;
      }
      bytes[target + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** What to add to (x - median) / sigma: the difference counts from true zero, not from its median. */
function zeroOffset(panel: Panel, diverging: boolean): number {
  return diverging ? panel.median / panel.sigma : 0;
}

/** Pixel value as (x - median) / sigma. */
function sigmas(panel: Panel, code: number): number {
  return Math.sinh(panel.lo + ((panel.hi - panel.lo) * code) / (NOT_MEASURED - 1));
}

function quantile(sorted: Uint16Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}
