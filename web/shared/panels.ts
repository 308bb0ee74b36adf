import { readSkc1 } from './skc1';
import { paint } from './stretch';

/** Painted science, template and difference, true pixels; null where the survey sent none. */
export type PaintedPanels = (HTMLCanvasElement | null)[];

/** Decodes and stretches a blob off screen: about 2 ms for three panels of 63 x 63 pixels. */
export function paintPanels(blob: ArrayBuffer): PaintedPanels {
  return readSkc1(blob).map((panel, index) => (panel ? paint(panel, index === 2) : null));
}

/** Shows painted panels in the figures marked data-panel="0", "1", "2" below a root: one draw call each. */
export class PanelView {
  private readonly slots: { figure: HTMLElement; canvas: HTMLCanvasElement }[];

  constructor(root: ParentNode) {
    this.slots = [...root.querySelectorAll<HTMLElement>('[data-panel]')].map((figure) => ({
      figure,
      canvas: figure.querySelector('canvas') as HTMLCanvasElement,
    }));
  }

  show(panels: PaintedPanels): void {
    this.slots.forEach((_, index) => this.draw(index, panels[index] ?? null));
  }

  /** Draws one image in the slot of another: that is how two images are compared in place. */
  draw(slot: number, source: HTMLCanvasElement | null): void {
    const target = this.slots[slot];
    if (!target) return;
    target.figure.dataset['missing'] = source ? 'false' : 'true';
    const { canvas } = target;
    if (!source) {
      canvas.width = canvas.height = 1;
      return;
    }
    if (canvas.width !== source.width || canvas.height !== source.height) {
      canvas.width = source.width;
      canvas.height = source.height;
    }
    canvas.getContext('2d')?.drawImage(source, 0, 0);
  }
}
