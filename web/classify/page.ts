import { PanelView } from '../shared/panels';
import { Feedback } from './feedback';
import { NEW_GUEST, Outbox, type Vote } from './outbox';
import { type Prepared, Queue } from './queue';

/** Science and template change places this often while blinking: 1.25 full cycles a second, below the 3 Hz limit. */
const BLINK_MS = 400;
const HISTORY = 10;
const SWIPE_PX = 40;
const REDUCED_MOTION = matchMedia('(prefers-reduced-motion: reduce)');

interface Past {
  readonly item: Prepared;
  readonly clientId: string;
  readonly replaces: string | null;
  readonly kind: 'vote' | 'skip';
}

/**
 * The classify page. A key press paints the next candidate, which is ready in memory, in the same frame; the vote goes
 * its own way through the outbox.
 */
export class ClassifyPage {
  private readonly stage: HTMLElement;
  private readonly answers: HTMLButtonElement[];
  private readonly view: PanelView;
  private readonly queue: Queue;
  private readonly outbox: Outbox;
  private readonly feedback: Feedback;
  private readonly workflowId: string;
  private readonly help: HTMLDialogElement;
  private readonly history: Past[] = [];

  private current: Prepared | null = null;
  /** The client id of the withdrawn vote that the next answer replaces. */
  private replaces: string | null = null;
  private painted = false;
  private paintedAt = 0;
  private counted = 0;
  private blinkTimer = 0;
  private blinkTemplate = false;
  private announcement = '';
  private returnFocus: HTMLElement | null = null;

  constructor(private readonly root: HTMLElement) {
    this.workflowId = root.dataset['workflowId'] as string;
    this.stage = this.part('stage');
    this.help = this.part<HTMLDialogElement>('help');
    this.answers = [...root.querySelectorAll<HTMLButtonElement>('button[data-answer]')];
    this.view = new PanelView(this.stage);
    this.feedback = new Feedback(this.part('feedback'), this.workflowId, this.answers.map(labelOf));
    this.outbox = new Outbox(root.dataset['volunteer'] || NEW_GUEST, localStorage, {
      changed: (unsent, stuck) => this.showUnsent(unsent, stuck),
      accepted: (vote, recordedAt) => this.feedback.accepted(vote, recordedAt),
      refused: (vote, reason) => {
        if (vote.answer !== null) this.count(-1);
        this.feedback.refused(reason);
      },
    });
    this.queue = new Queue(this.workflowId, root.dataset['feed'] ?? 'teaching', this.outbox.candidates(), {
      ready: () => {
        if (!this.current) this.next(performance.now());
      },
      empty: () => {
        if (!this.current) this.wait('empty');
      },
      trouble: (message) => this.trouble(message),
    });
  }

  start(): void {
    this.counted = Number(sessionStorage.getItem(this.countKey()) ?? 0);
    this.count(0);
    if (localStorage.getItem('skysieve.invert') === 'true') this.toggleInvert();
    this.listen();
    this.wait('loading');
    this.queue.start();
    this.outbox.flush();
    this.showUnsent(this.outbox.unsent, false);
  }

  private listen(): void {
    this.answers.forEach((button) => button.addEventListener('click', (event) => this.answer(button, event.timeStamp)));
    const tools: Record<string, (event: Event) => void> = {
      skip: (event) => this.skip(event.timeStamp),
      undo: () => this.undo(),
      blink: () => this.toggleBlink(),
      invert: () => this.toggleInvert(),
      help: () => this.help.showModal(),
    };
    this.root.querySelectorAll<HTMLButtonElement>('[data-tool]').forEach((button) =>
      button.addEventListener('click', (event) => tools[button.dataset['tool'] as string]?.(event)),
    );
    this.root.querySelectorAll<HTMLButtonElement>('[data-pick]').forEach((button) =>
      button.addEventListener('click', () => this.enlarge(Number(button.dataset['pick']))),
    );
    this.help.querySelector('[data-close]')?.addEventListener('click', () => this.help.close());
    const keysOn = this.help.querySelector<HTMLInputElement>('[data-keys-on]');
    if (keysOn) {
      keysOn.checked = localStorage.getItem('skysieve.keys') !== 'off';
      keysOn.addEventListener('change', () => localStorage.setItem('skysieve.keys', keysOn.checked ? 'on' : 'off'));
    }
    document.addEventListener('keydown', (event) => this.key(event, keysOn?.checked ?? true));
    this.listenToSwipes();
    addEventListener('online', () => this.outbox.flush());
    addEventListener('pagehide', () => {
      this.outbox.flushOnLeave();
      this.queue.release(this.current?.assignment ?? null);
    });
    addEventListener('pageshow', (event) => {
      // Back from the browser's page cache: the leases are gone.
      if (event.persisted) location.reload();
    });
  }

  private key(event: KeyboardEvent, keysOn: boolean): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.help.open) return;
    if (event.key === '?') {
      this.help.showModal();
      return;
    }
    if (!keysOn || target.closest('input, textarea, select, [contenteditable]')) return;
    const button = /^[1-9]$/.test(event.key) ? this.answers[Number(event.key) - 1] : undefined;
    const action: Record<string, () => void> = {
      '0': () => this.skip(event.timeStamp),
      u: () => this.undo(),
      b: () => this.toggleBlink(),
      i: () => this.toggleInvert(),
    };
    if (button) this.answer(button, event.timeStamp);
    else {
      const act = action[event.key.toLowerCase()];
      if (!act) return;
      act();
    }
    event.preventDefault();
  }

  private answer(button: HTMLButtonElement, at: number): void {
    const item = this.current;
    if (!item || !this.painted) return;
    const vote: Vote = {
      kind: 'vote',
      clientId: crypto.randomUUID(),
      workflowId: this.workflowId,
      candidateId: item.assignment.candidateId,
      assignmentId: item.assignment.id,
      answer: button.dataset['answer'] as string,
      elapsedMs: Math.round(at - this.paintedAt),
      replaces: this.replaces,
    };
    this.remember({ item, clientId: vote.clientId, replaces: this.replaces, kind: 'vote' });
    // Stored before anything is painted; sent after.
    this.outbox.add(vote);
    this.count(1);
    this.announcement = `${labelOf(button)} recorded.`;
    this.next(at);
  }

  private skip(at: number): void {
    const item = this.current;
    if (!item || !this.painted) return;
    const clientId = crypto.randomUUID();
    // After an undo there is no open assignment to skip: the vote stays withdrawn.
    if (!this.replaces) this.outbox.add({ kind: 'skip', clientId, assignmentId: item.assignment.id });
    this.remember({ item, clientId, replaces: this.replaces, kind: 'skip' });
    this.announcement = 'Skipped.';
    this.next(at);
  }

  /** Brings the previous candidate back and takes its vote back. */
  private undo(): void {
    const past = this.history.pop();
    if (!past || (this.current && !this.painted)) return;
    if (this.current) this.queue.putBack(this.current);
    let replaces = past.replaces;
    const { item } = past;
    if (!this.outbox.cancel(past.clientId) && past.kind === 'vote') {
      const withdrawal: Vote = {
        kind: 'vote',
        clientId: crypto.randomUUID(),
        workflowId: this.workflowId,
        candidateId: item.assignment.candidateId,
        assignmentId: item.assignment.id,
        answer: null,
        elapsedMs: 0,
        replaces: past.clientId,
      };
      this.outbox.add(withdrawal);
      replaces = withdrawal.clientId;
    }
    if (past.kind === 'vote') this.count(-1);
    this.feedback.undone();
    this.announcement = 'Undone. Previous candidate.';
    this.show(item, performance.now(), replaces);
    this.enableTools();
  }

  private remember(past: Past): void {
    this.history.push(past);
    if (this.history.length > HISTORY) this.history.shift();
  }

  private next(at: number): void {
    const item = this.queue.take();
    if (item) this.show(item, at, null);
    else this.wait(this.queue.dry ? 'empty' : 'loading');
    this.enableTools();
  }

  private show(item: Prepared, at: number, replaces: string | null): void {
    this.stopBlink();
    this.current = item;
    this.replaces = replaces;
    this.painted = false;
    this.root.dataset['state'] = 'showing';
    this.view.show(item.panels);
    this.part('glance').replaceChildren(item.glance);
    this.part('why').textContent = item.assignment.why;
    this.part<HTMLAnchorElement>('details').href = `/candidates/${item.assignment.candidateId}`;
    this.stage.dataset['candidateId'] = item.assignment.candidateId;
    requestAnimationFrame(() => {
      // A message is handled right after the frame that holds the new pixels.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        this.paintedNow(at, item);
      };
      channel.port2.postMessage(null);
    });
  }

  private paintedNow(at: number, item: Prepared): void {
    if (this.current !== item) return;
    this.painted = true;
    this.paintedAt = performance.now();
    this.stage.dataset['painted'] = item.assignment.candidateId;
    performance.measure('skysieve:key-to-paint', { start: at, end: this.paintedAt });
    this.answers.forEach((button) => (button.disabled = false));
    this.returnFocus?.focus({ preventScroll: true });
    this.returnFocus = null;
    this.part('announcer').textContent = `${this.announcement} ${item.spoken}`.trim();
  }

  /** Nothing to show: still loading, or nothing left. */
  private wait(state: 'loading' | 'empty'): void {
    this.stopBlink();
    this.current = null;
    this.painted = false;
    this.root.dataset['state'] = state;
    delete this.stage.dataset['candidateId'];
    const focused = document.activeElement;
    if (focused instanceof HTMLButtonElement && this.answers.includes(focused)) {
      // A disabled button drops the focus; it comes back with the next candidate.
      this.returnFocus = focused;
      this.stage.focus({ preventScroll: true });
    }
    this.answers.forEach((button) => (button.disabled = true));
    if (state === 'empty') this.part('announcer').textContent = 'No more candidates for you right now.';
  }

  private enableTools(): void {
    const off = this.history.length === 0;
    this.root.querySelectorAll<HTMLButtonElement>('[data-tool="undo"]').forEach((button) => button.setAttribute('aria-disabled', String(off)));
  }

  private count(by: number): void {
    this.counted = Math.max(0, this.counted + by);
    sessionStorage.setItem(this.countKey(), String(this.counted));
    this.part('count').textContent = String(this.counted);
  }

  private countKey(): string {
    return `skysieve.count.${this.workflowId}`;
  }

  private showUnsent(unsent: number, stuck: boolean): void {
    const element = this.part('unsent');
    // One vote under way is the normal course of things, not news.
    element.hidden = unsent === 0 || (unsent < 3 && !stuck);
    element.textContent = stuck ? `${unsent} unsent — kept safe, trying again` : `${unsent} unsent`;
    element.dataset['unsent'] = String(unsent);
  }

  private trouble(message: string | null): void {
    const element = this.part('trouble');
    element.hidden = message === null;
    element.textContent = message ?? '';
  }

  private toggleBlink(): void {
    if (!this.current) return;
    if (this.blinkTimer || this.blinkTemplate) {
      this.stopBlink();
      return;
    }
    this.enlarge(0);
    this.pressed('blink', true);
    this.swap();
    // With reduced motion each press changes the image once.
    if (!REDUCED_MOTION.matches) this.blinkTimer = window.setInterval(() => this.swap(), BLINK_MS);
  }

  private swap(): void {
    const item = this.current;
    if (!item) return;
    this.blinkTemplate = !this.blinkTemplate;
    this.view.draw(0, item.panels[this.blinkTemplate ? 1 : 0] ?? null);
    this.stage.dataset['blink'] = this.blinkTemplate ? 'template' : 'science';
  }

  private stopBlink(): void {
    if (!this.blinkTimer && !this.blinkTemplate) return;
    clearInterval(this.blinkTimer);
    this.blinkTimer = 0;
    this.blinkTemplate = false;
    delete this.stage.dataset['blink'];
    this.pressed('blink', false);
    if (this.current) this.view.draw(0, this.current.panels[0] ?? null);
  }

  private toggleInvert(): void {
    const on = this.stage.dataset['invert'] !== 'true';
    this.stage.dataset['invert'] = String(on);
    this.pressed('invert', on);
    localStorage.setItem('skysieve.invert', String(on));
  }

  private pressed(tool: string, on: boolean): void {
    this.root.querySelector(`[data-tool="${tool}"]`)?.setAttribute('aria-pressed', String(on));
  }

  /** On a phone one image is large and the others are a strip; on a laptop this changes nothing to see. */
  private enlarge(panel: number): void {
    if (panel !== 0) this.stopBlink();
    this.stage.dataset['view'] = String(panel);
  }

  private listenToSwipes(): void {
    let start: PointerEvent | null = null;
    this.stage.addEventListener('pointerdown', (event) => (start = event.pointerType === 'mouse' ? null : event));
    this.stage.addEventListener('pointerup', (event) => {
      if (!start || start.pointerId !== event.pointerId) return;
      const dx = event.clientX - start.clientX;
      const dy = event.clientY - start.clientY;
      start = null;
      if (Math.abs(dx) < SWIPE_PX || Math.abs(dx) < 1.5 * Math.abs(dy)) return;
      const now = Number(this.stage.dataset['view'] ?? 0);
      this.enlarge((now + (dx < 0 ? 1 : 2)) % 3);
    });
    this.stage.addEventListener('pointercancel', () => (start = null));
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`classify page: no element with data-part="${name}"`);
    return found;
  }
}

function labelOf(button: HTMLButtonElement): string {
  return button.querySelector('[data-label]')?.textContent?.trim() ?? (button.dataset['answer'] as string);
}

