import { MAPS } from '../shared/colours';
import { PanelView, type Pictures } from '../shared/panels';
import type { Orientation } from '../shared/skc1';
import { type Look, STRETCHES } from '../shared/stretch';
import { keepLook, readLook } from './preferences';
import { named, text } from './texts';

/** Science and template change places this often while blinking: 1.25 full cycles a second, below the 3 Hz limit. */
const BLINK_MS = 400;
/** A finger that rests this long shows the other image until it leaves. */
const HOLD_MS = 350;
const SWIPE_PX = 40;
const STILL_PX = 10;
const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];
/** One press of an arrow key moves by this share of what is visible. */
const PAN_STEP = 0.15;
const BAR_ARCSEC = [0.5, 1, 2, 5, 10, 20, 30, 60];
/** The small images stand in the order of reading, and so a swipe goes on. */
const LEFT_TO_RIGHT = document.documentElement.dir !== 'rtl';
const REDUCED_MOTION = matchMedia('(prefers-reduced-motion: reduce)');

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A pixel, or a rectangle of pixels from its lower left one; x to the right, y up, as the readout counts them. */
export interface Mark extends Point {
  readonly width?: number;
  readonly height?: number;
}

/**
 * The images: three panels that are stretched, zoomed, moved and pointed at together. Zoom and pan are style, not
 * drawing: a transform of the canvases, the same in all panels.
 */
export class Viewer {
  private readonly view: PanelView;
  private readonly fingers = new Map<number, Point>();
  private pictures: Pictures = [];
  private looks: Look = readLook();
  /** Arcseconds of a pixel; NaN if the survey does not say. */
  private pixelArcsec = NaN;
  private zoom = 1;
  /** Where the middle of the image is, in panel widths from the middle of the panel. */
  private pan: Point = { x: 0, y: 0 };
  private cursor: Point | null = null;
  private cursorFrame = 0;
  private blinkTimer = 0;
  private holdTimer = 0;
  private swapped = false;
  private marking: ((at: Point) => void) | null = null;

  /**
   * @param stage holds the panels
   * @param tools holds the buttons marked data-tool
   * @param changed told when the look is another: what is drawn ahead is stale then
   * @param say told in words what a key press did, for those who do not see it
   */
  constructor(
    private readonly stage: HTMLElement,
    private readonly tools: HTMLElement,
    private readonly changed: () => void,
    private readonly say: (words: string) => void,
  ) {
    this.view = new PanelView(stage);
    this.showLook();
    this.move();
    this.listen();
  }

  /** The pixel under the cursor, or the middle one. */
  get pointed(): Point | null {
    const first = this.pictures.find((picture) => picture !== null);
    if (!first) return null;
    const { x, y } = this.cursor ?? { x: Math.floor(first.width / 2), y: Math.floor(first.height / 2) };
    return { x, y: first.height - 1 - y };
  }

  /** @param marking told what is clicked or tapped from now on; null: nobody is */
  mark(marking: ((at: Point) => void) | null, marks: readonly Mark[]): void {
    this.marking = marking;
    this.stage.dataset['marking'] = String(marking !== null);
    this.view.slots.forEach(({ figure }, index) => {
      const sky = figure.querySelector('.sky');
      const picture = this.pictures[index];
      sky?.querySelectorAll('.mark').forEach((old) => old.remove());
      if (!sky || !picture) return;
      const most = Math.max(picture.width, picture.height);
      const share = (pixels: number): string => `${(100 * pixels) / most}%`;
      for (const { x, y, width = 1, height = 1 } of marks) {
        const shown = document.createElement('span');
        shown.className = 'mark';
        shown.style.width = share(width);
        shown.style.height = share(height);
        shown.style.left = share(x + (most - picture.width) / 2);
        shown.style.top = share(picture.height - y - height + (most - picture.height) / 2);
        sky.append(shown);
      }
    });
  }

  get look(): Look {
    return this.looks;
  }

  /** Shows another candidate, in its middle; the zoom stays. */
  show(pictures: Pictures, pixelArcsec: number, lies: Orientation | null): void {
    this.stopBlink();
    this.pictures = pictures;
    this.view.show(pictures, this.looks);
    this.showCompass(lies);
    if (this.pan.x !== 0 || this.pan.y !== 0 || pixelArcsec !== this.pixelArcsec) {
      this.pan = { x: 0, y: 0 };
      this.pixelArcsec = pixelArcsec;
      this.move();
    }
    if (this.cursor) this.showCursor();
  }

  clear(): void {
    this.stopBlink();
    this.pictures = [];
    this.point(null);
  }

  setLook(change: Partial<Look>): void {
    this.looks = { ...this.looks, ...change };
    keepLook(this.looks);
    this.showLook();
    this.view.show(this.pictures, this.looks);
    if (this.swapped) this.drawSwapped();
    this.changed();
  }

  toggleInvert(): void {
    this.setLook({ inverted: !this.looks.inverted });
    this.say(text(this.looks.inverted ? 'inverted' : 'notInverted'));
  }

  nextStretch(): void {
    this.setLook({ stretch: after(STRETCHES, this.looks.stretch) });
    this.say(text('stretchIs', { name: named('name', this.looks.stretch) }));
  }

  nextMap(): void {
    this.setLook({ map: after(MAPS, this.looks.map) });
    this.say(text('coloursAre', { name: named('name', this.looks.map) }));
  }

  /** @param steps up or down the ladder of zooms, around the middle of what is visible */
  zoomBy(steps: number): void {
    const at = ZOOMS.findIndex((zoom) => zoom >= this.zoom - 1e-6);
    this.zoomTo(ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + steps))] as number, { x: 0, y: 0 });
    this.say(text('zoomIs', { factor: String(this.zoom) }));
  }

  /** Looks further in a direction; false if there is nothing to move to, so that the page may scroll. */
  panBy(dx: number, dy: number): boolean {
    if (this.zoom === 1) return false;
    this.panTo({ x: this.pan.x - dx * PAN_STEP, y: this.pan.y - dy * PAN_STEP });
    return true;
  }

  /** Moves the cursor by pixels, from the middle if there is none. */
  pointBy(dx: number, dy: number): void {
    const first = this.pictures.find((picture) => picture !== null);
    if (!first) return;
    const from = this.cursor ?? { x: Math.floor(first.width / 2), y: Math.floor(first.height / 2) };
    this.point({
      x: Math.min(first.width - 1, Math.max(0, from.x + dx)),
      y: Math.min(first.height - 1, Math.max(0, from.y + dy)),
    });
  }

  /** Starts or ends showing science and template in turn. */
  toggleBlink(): void {
    if (this.pictures.length === 0) return;
    if (this.blinkTimer || this.swapped) {
      this.stopBlink();
      return;
    }
    this.enlarge(0);
    this.pressed('blink', true);
    this.swap();
    // With reduced motion each press changes the image once.
    if (!REDUCED_MOTION.matches) this.blinkTimer = window.setInterval(() => this.swap(), BLINK_MS);
  }

  /** On a phone one image is large and the others are a strip; on a laptop this changes nothing to see. */
  enlarge(panel: number): void {
    if (panel !== this.large) this.stopBlink();
    this.stage.dataset['view'] = String(panel);
  }

  private get large(): number {
    return Number(this.stage.dataset['view'] ?? 0);
  }

  private swap(): void {
    this.swapped = !this.swapped;
    this.drawSwapped();
  }

  /** The large image gives its place to the one it is compared with: the template, or science in the template's place. */
  private drawSwapped(): void {
    const slot = this.large;
    const shown = this.swapped ? (slot === 0 ? 1 : 0) : slot;
    this.view.draw(slot, this.pictures[shown] ?? null, this.looks);
    this.stage.dataset['blink'] = shown === 1 ? 'template' : 'science';
    if (!this.swapped && !this.blinkTimer) delete this.stage.dataset['blink'];
  }

  private stopBlink(): void {
    clearTimeout(this.holdTimer);
    this.holdTimer = 0;
    if (!this.blinkTimer && !this.swapped) return;
    clearInterval(this.blinkTimer);
    this.blinkTimer = 0;
    if (this.swapped) this.swap();
    delete this.stage.dataset['blink'];
    this.pressed('blink', false);
  }

  private pressed(tool: string, on: boolean): void {
    this.tool(tool)?.setAttribute('aria-pressed', String(on));
  }

  private tool(name: string): HTMLElement | null {
    return this.tools.querySelector<HTMLElement>(`[data-tool="${name}"]`);
  }

  private showLook(): void {
    const { stretch, map, inverted } = this.looks;
    this.stage.dataset['map'] = map;
    this.pressed('invert', inverted);
    for (const [name, value] of [['stretch', stretch], ['colours', map]] as const) {
      const tool = this.tool(name);
      const label = tool?.querySelector('[data-value]');
      if (!tool || !label) continue;
      label.textContent = named('name', value);
      tool.dataset['now'] = value;
    }
  }

  private move(): void {
    const { style } = this.stage;
    style.setProperty('--zoom', String(this.zoom));
    style.setProperty('--dx', `${100 * this.pan.x}%`);
    style.setProperty('--dy', `${100 * this.pan.y}%`);
    this.stage.dataset['zoomed'] = String(this.zoom > 1);
    this.tool('zoomOut')?.setAttribute('aria-disabled', String(this.zoom === ZOOMS[0]));
    this.tool('zoomIn')?.setAttribute('aria-disabled', String(this.zoom === ZOOMS[ZOOMS.length - 1]));
    this.showScale();
  }

  /** A bar of a round number of arcseconds, at most a third of the panel. */
  private showScale(): void {
    const width = this.pictures[0]?.width ?? this.pictures[2]?.width ?? 0;
    const panelArcsec = (this.pixelArcsec * width) / this.zoom;
    const arcsec = BAR_ARCSEC.filter((length) => length <= panelArcsec / 3).pop();
    if (arcsec === undefined) {
      delete this.stage.dataset['scale'];
      return;
    }
    this.stage.dataset['scale'] = String(arcsec);
    this.stage.style.setProperty('--bar', `${(100 * arcsec) / panelArcsec}%`);
    this.stage.querySelectorAll('.scale').forEach((bar) => (bar.textContent = `${arcsec}″`));
  }

  /** Arrows to north and east, where the survey says how its images lie; never a guess. */
  private showCompass(lies: Orientation | null): void {
    const { dataset } = this.stage;
    if (!lies) {
      delete dataset['north'];
      return;
    }
    const north = lies.mirrored ? 360 - lies.upDeg : lies.upDeg;
    const arrows = arrow(north, 'N') + arrow(north + (lies.mirrored ? 90 : 270), 'E');
    dataset['north'] = String(Math.round(north) % 360);
    this.stage.querySelectorAll('.compass').forEach((compass) => (compass.innerHTML = arrows));
  }

  /** @param around stays where it is, in panel widths from the middle of the panel */
  private zoomTo(zoom: number, around: Point): void {
    const factor = zoom / this.zoom;
    this.zoom = zoom;
    this.panTo({ x: around.x + (this.pan.x - around.x) * factor, y: around.y + (this.pan.y - around.y) * factor });
  }

  /** Not so far that anything but image is in the panel. */
  private panTo(to: Point): void {
    const most = (this.zoom - 1) / 2;
    const within = (value: number): number => Math.min(most, Math.max(-most, value));
    this.pan = { x: within(to.x), y: within(to.y) };
    this.move();
  }

  private listen(): void {
    const { stage } = this;
    stage.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    stage.addEventListener('dblclick', (event) => {
      const at = this.inPanel(event);
      if (at) this.zoomTo(this.zoom > 1 ? 1 : 3, at);
    });
    stage.addEventListener('click', (event) => {
      const at = this.marking && this.pixelUnder(event);
      if (at) this.marking?.({ x: at.x, y: at.height - 1 - at.y });
    });
    stage.addEventListener('pointerdown', (event) => this.down(event));
    stage.addEventListener('pointermove', (event) => this.moved(event));
    stage.addEventListener('pointerup', (event) => this.up(event, false));
    stage.addEventListener('pointercancel', (event) => this.up(event, true));
    stage.addEventListener('pointerleave', (event) => {
      if (event.pointerType === 'mouse') this.point(null);
    });
    // One finger scrolls the page up and down; two move and zoom the images.
    stage.addEventListener('touchmove', (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
    stage.addEventListener('contextmenu', (event) => {
      if (this.holdTimer || this.swapped) event.preventDefault();
    });
  }

  /** The wheel scrolls the page; with Ctrl, which is also what a pinched touchpad sends, it zooms. */
  private wheel(event: WheelEvent): void {
    const at = event.ctrlKey ? this.inPanel(event) : null;
    if (!at) return;
    event.preventDefault();
    this.zoomTo(Math.min(8, Math.max(1, this.zoom * Math.exp(-event.deltaY / 200))), at);
  }

  private down(event: PointerEvent): void {
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (event.pointerType === 'mouse') {
      // Not before a drag begins: a captured click would miss its target.
      return;
    }
    clearTimeout(this.holdTimer);
    this.holdTimer = 0;
    const target = event.target as Element;
    if (this.fingers.size > 1 || target.closest('button') || !target.closest('.pixels')) return;
    this.started = { x: event.clientX, y: event.clientY };
    this.holdTimer = window.setTimeout(() => {
      this.holdTimer = 0;
      if (!this.swapped && !this.blinkTimer) {
        this.started = null;
        this.swap();
      }
    }, HOLD_MS);
  }

  /** Where a single finger came down, while it may still become a swipe or a tap. */
  private started: Point | null = null;

  private moved(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    const now = { x: event.clientX, y: event.clientY };
    const mouse = event.pointerType === 'mouse';
    if (mouse && (event.buttons & 1) === 0) {
      this.fingers.delete(event.pointerId);
      this.pointAt(event);
      return;
    }
    if (!before) return;
    if (this.started && Math.hypot(now.x - this.started.x, now.y - this.started.y) > STILL_PX) {
      clearTimeout(this.holdTimer);
      this.holdTimer = 0;
    }
    const side = this.side();
    if (this.fingers.size === 2) {
      this.started = null;
      const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1] as Point;
      const spread = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const middle = this.inPanel({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2, target: event.target });
      if (middle) this.zoomTo(Math.min(8, Math.max(1, this.zoom * spread)), middle);
      this.panTo({ x: this.pan.x + (now.x - before.x) / 2 / side, y: this.pan.y + (now.y - before.y) / 2 / side });
    } else if (this.zoom > 1 && !this.swapped) {
      if (mouse && !this.stage.hasPointerCapture(event.pointerId)) this.stage.setPointerCapture(event.pointerId);
      this.panTo({ x: this.pan.x + (now.x - before.x) / side, y: this.pan.y + (now.y - before.y) / side });
    }
    this.fingers.set(event.pointerId, now);
  }

  private up(event: PointerEvent, cancelled: boolean): void {
    this.fingers.delete(event.pointerId);
    if (event.pointerType === 'mouse') return;
    const held = this.swapped && !this.blinkTimer && this.started === null;
    clearTimeout(this.holdTimer);
    this.holdTimer = 0;
    const from = this.started;
    this.started = null;
    if (held) this.stopBlink();
    if (cancelled || !from) return;
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    if (Math.hypot(dx, dy) <= STILL_PX) this.pointAt(event);
    else if (this.zoom === 1 && Math.abs(dx) >= SWIPE_PX && Math.abs(dx) >= 1.5 * Math.abs(dy)) this.enlarge((this.large + (dx < 0 === LEFT_TO_RIGHT ? 1 : 2)) % 3);
  }

  private side(): number {
    return this.view.slots[this.large]?.canvas.parentElement?.parentElement?.clientWidth || 1;
  }

  /** A place on the screen in panel widths from the middle of the panel under it. */
  private inPanel(event: { clientX: number; clientY: number; target: EventTarget | null }): Point | null {
    const box = (event.target as Element).closest('.pixels')?.getBoundingClientRect();
    return box ? { x: (event.clientX - box.x) / box.width - 0.5, y: (event.clientY - box.y) / box.height - 0.5 } : null;
  }

  /** Puts the cursor on the pixel under a pointer. */
  private pointAt(event: PointerEvent): void {
    this.point(this.pixelUnder(event));
  }

  private pixelUnder(event: MouseEvent): (Point & { readonly height: number }) | null {
    const figure = (event.target as Element).closest<HTMLElement>('[data-panel]');
    const at = this.inPanel(event);
    const picture = this.pictures[Number(figure?.dataset['panel'])];
    if (!at || !picture) return null;
    // Images that are not square leave a margin on two sides.
    const most = Math.max(picture.width, picture.height);
    const x = Math.floor(((at.x - this.pan.x) / this.zoom) * most + picture.width / 2);
    const y = Math.floor(((at.y - this.pan.y) / this.zoom) * most + picture.height / 2);
    return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y, height: picture.height } : null;
  }

  private point(at: Point | null): void {
    if (!at && !this.cursor) return;
    this.cursor = at;
    // A mouse moves more often than the screen changes.
    this.cursorFrame ||= requestAnimationFrame(() => {
      this.cursorFrame = 0;
      this.showCursor();
    });
  }

  private showCursor(): void {
    const at = this.cursor;
    this.view.slots.forEach(({ figure }, index) => {
      const picture = this.pictures[index];
      const mark = figure.querySelector<HTMLElement>('.cursor');
      const readout = figure.querySelector<HTMLElement>('[data-readout]');
      if (!mark || !readout) return;
      const inside = at !== null && !!picture && at.x < picture.width && at.y < picture.height;
      mark.hidden = !inside;
      readout.textContent = inside ? `${index === this.large ? `${at.x}, ${picture.height - 1 - at.y}: ` : ''}${words(picture.at(at.x, at.y))}` : '';
      if (!inside) return;
      const most = Math.max(picture.width, picture.height);
      mark.style.width = mark.style.height = `${100 / most}%`;
      mark.style.left = `${(100 * (at.x + (most - picture.width) / 2)) / most}%`;
      mark.style.top = `${(100 * (at.y + (most - picture.height) / 2)) / most}%`;
    });
  }
}

/** @param degrees clockwise from up */
function arrow(degrees: number, letter: string): string {
  const angle = (degrees * Math.PI) / 180;
  return `<path d="M0 0V-11M-3-8L0-11.500 3-8" transform="rotate(${degrees})"/><text x="${19 * Math.sin(angle)}" y="${3 - 19 * Math.cos(angle)}" text-anchor="middle">${letter}</text>`;
}

function words(pixel: { value: number; sigmas: number } | null): string {
  if (!pixel) return text('notMeasured');
  const sigmas = `${pixel.sigmas < 0 ? '−' : '+'}${Math.abs(pixel.sigmas).toFixed(1)} σ`;
  return `${pixel.value.toPrecision(4).replace('-', '−')} (${sigmas})`;
}

function after<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length] as T;
}
