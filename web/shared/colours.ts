/** Colour maps as tables of 256 packed pixels (little-endian RGBA, as an ImageData holds them), darkest value first. */
export const MAPS = ['grey', 'viridis', 'cividis'] as const;
export type ColourMap = (typeof MAPS)[number];

export interface Palette {
  readonly pixels: Uint32Array;
  /** What was not measured: a flat colour that the map itself has not, inverted or not. */
  readonly missing: number;
}

type Rgb = readonly [number, number, number];

/** Evenly spaced stops; between them a straight line is within two or three of 255 of the published tables. */
const STOPS: Record<ColourMap | 'diverging', readonly Rgb[]> = {
  grey: [[0, 0, 0], [255, 255, 255]],
  // van der Walt and Smith (2015), https://bids.github.io/colormap
  viridis: [[68, 1, 84], [72, 36, 117], [65, 68, 135], [53, 95, 141], [42, 120, 142], [33, 145, 140], [34, 168, 132], [68, 191, 112], [122, 209, 81], [189, 223, 38], [253, 231, 37]],
  // Nunez, Anderton and Renslow (2018), doi:10.1371/journal.pone.0199239
  cividis: [[0, 34, 78], [8, 51, 112], [53, 69, 108], [79, 87, 108], [102, 105, 112], [125, 124, 120], [148, 142, 119], [174, 163, 113], [200, 184, 102], [229, 207, 82], [254, 232, 56]],
  // Blue below zero, red above, white at zero: told apart also without red or green.
  diverging: [[5, 48, 97], [33, 102, 172], [67, 147, 195], [146, 197, 222], [209, 229, 240], [247, 247, 247], [253, 219, 199], [244, 165, 130], [214, 96, 77], [178, 24, 43], [103, 0, 31]],
};

const MISSING: Record<keyof typeof STOPS, Rgb> = {
  // As in the PNGs: no grey equals it.
  grey: [0x2b, 0x3a, 0x67],
  viridis: [0x8c, 0x2d, 0x3a],
  cividis: [0x8c, 0x2d, 0x3a],
  diverging: [0x3d, 0x5c, 0x2a],
};

const cache = new Map<string, Palette>();

/** @param diverging for the difference, whose zero is in the middle: grey stays grey, the others become blue to red */
export function palette(map: ColourMap, diverging: boolean, inverted: boolean): Palette {
  const name = diverging && map !== 'grey' ? 'diverging' : map;
  const key = `${name} ${inverted}`;
  let known = cache.get(key);
  if (!known) {
    const stops = STOPS[name];
    const pixels = Uint32Array.from({ length: 256 }, (_, level) => {
      const at = ((inverted ? 255 - level : level) / 255) * (stops.length - 1);
      const below = Math.min(Math.floor(at), stops.length - 2);
      const [low, high] = [stops[below] as Rgb, stops[below + 1] as Rgb];
      return pack(low.map((value, i) => Math.round(value + (at - below) * ((high[i] as number) - value))) as unknown as Rgb);
    });
    cache.set(key, (known = { pixels, missing: pack(MISSING[name]) }));
  }
  return known;
}

function pack([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
