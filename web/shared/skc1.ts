/**
 * Reads the packed cutout blob, SKC1 (docs/formats.md): little-endian; "SKC1", u8 number of panels, how it lies on the sky; per
 * panel 24 bytes (u16 width, u16 height, f32 median, f32 sigma, f32 lo, f32 hi, u32 offset of its pixels from the start
 * of the blob); then u16 pixels, bottom row first. A pixel q stands for median + sigma * sinh(lo + (hi - lo) * q / 65534);
 * 65535 is NaN, "not measured".
 */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly median: number;
  readonly sigma: number;
  readonly lo: number;
  readonly hi: number;
  /** Codes, row-major, bottom row first. */
  readonly codes: Uint16Array;
}

export const NOT_MEASURED = 65535;
export const PANEL_NAMES = ['science', 'template', 'difference'] as const;
export type PanelName = (typeof PANEL_NAMES)[number];

const HEADER_BYTES = 8;
const PANEL_BYTES = 24;
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How the images lie on the sky. */
export interface Orientation {
  /** Position angle of up, degrees from north through east. */
  readonly upDeg: number;
  /** Whether east is to the right where north is up. */
  readonly mirrored: boolean;
}

/** Null where the survey does not say. */
export function readOrientation(blob: ArrayBuffer): Orientation | null {
  const view = new DataView(blob);
  const flags = view.getUint8(5);
  return flags & 1 ? { upDeg: (view.getUint16(6, true) * 360) / 65536, mirrored: (flags & 2) !== 0 } : null;
}

/** The panels in the order science, template, difference; null for a missing one. Throws if the blob is broken. */
export function readSkc1(blob: ArrayBuffer): (Panel | null)[] {
  const view = new DataView(blob);
  if (blob.byteLength < HEADER_BYTES || view.getUint32(0, false) !== 0x534b4331) {
    throw new Error(`cutouts: got ${blob.byteLength} bytes that do not start with SKC1`);
  }
  const count = view.getUint8(4);
  if (blob.byteLength < HEADER_BYTES + count * PANEL_BYTES) {
    throw new Error(`cutouts: got ${blob.byteLength} bytes, too few for ${count} panels`);
  }
  return Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * PANEL_BYTES;
    const width = view.getUint16(at, true);
    const height = view.getUint16(at + 2, true);
    if (width === 0 || height === 0) return null;
    const offset = view.getUint32(at + 20, true);
    const end = offset + width * height * 2;
    if (end > blob.byteLength) throw new Error(`cutouts: panel ${index} ends at byte ${end} of ${blob.byteLength}`);
    return {
      width,
      height,
      median: view.getFloat32(at + 4, true),
      sigma: view.getFloat32(at + 8, true),
      lo: view.getFloat32(at + 12, true),
      hi: view.getFloat32(at + 16, true),
      codes: readCodes(view, offset, width * height),
    };
  });
}

function readCodes(view: DataView, offset: number, length: number): Uint16Array {
  if (LITTLE_ENDIAN && offset % 2 === 0) return new Uint16Array(view.buffer, offset, length);
  const codes = new Uint16Array(length);
  for (let i = 0; i < length; i++) codes[i] = view.getUint16(offset + 2 * i, true);
  return codes;
}
