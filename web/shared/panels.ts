import { readSkc1 } from './skc1';
import { type Look, Picture } from './stretch';

/** Science, template and difference; null where the survey sent none. */
export type Pictures = (Picture | null)[];

/** Reads a blob; nothing is decoded or drawn yet. */
export function readPictures(blob: ArrayBuffer): Pictures {
  return readSkc1(blob).map((panel, index) => (panel ? new Picture(panel, index === 2) : null));
}

/** Shows pictures in the figures marked data-panel="0", "1", "2" below a root: one draw call each. */
export class PanelView {
  readonly slots: { readonly figure: HTMLElement; readonly canvas: HTMLCanvasElement }[];

  constructor(root: ParentNode) {
    this.slots = [...root.querySelectorAll<HTMLElement>('[data-panel]')].map((figure) => ({
      figure,
      canvas: figure.querySelector('canvas') as HTMLCanvasElement,
    }));
  }

  show(pictures: Pictures, look: Look): void {
    this.slots.forEach((_, index) => this.draw(index, pictures[index] ?? null, look));
  }

  /** Draws one picture in the slot of another: that is how two are compared in place. */
  draw(slot: number, picture: Picture | null, look: Look): void {
    const target = this.slots[slot];
    if (!target) return;
    target.figure.dataset['missing'] = picture ? 'false' : 'true';
    const { canvas } = target;
    if (!picture) {
      canvas.width = canvas.height = 1;
      return;
    }
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext('2d')?.drawImage(picture.image(look), 0, 0);
  }
}
