import type { Drawer } from './drawer';
import { Feedback } from './feedback';
import { GoldFeedback } from './gold';
import { afterPaint, soon } from './frame';
import { Guide, SessionSummary, Tutorial } from './guide';
import { type Action, actionOf, keyOf } from './keys';
import { Outbox, type Vote } from './outbox';
import { type Prepared, Queue } from './queue';
import { type Past, Recent } from './recent';
import { Settings } from './settings';
import { Stars } from './star';
import { type Definition, Tasks, type Values } from './tasks';
import { counted, pieces, text } from './texts';
import { Viewer } from './viewer';

const HISTORY = 10;
/** Measurements that the page keeps of itself before it forgets them. */
const MEASURED = 256;

/**
 * The classify page. A key press paints the next candidate, which is ready in memory, in the same frame; the vote goes
 * its own way through the outbox.
 */
export class ClassifyPage {
  private readonly stage: HTMLElement;
  private readonly answers: HTMLButtonElement[];
  private readonly viewer: Viewer;
  private readonly queue: Queue;
  private readonly outbox: Outbox;
  private readonly feedback: Feedback;
  private readonly gold: GoldFeedback;
  private readonly recent: Recent;
  private readonly guide: Guide;
  private readonly stars: Stars;
  private readonly summary: SessionSummary;
  private readonly tutorial: Tutorial | null;
  private readonly settings: Settings;
  private readonly definition: Definition;
  private readonly tasks: Tasks;
  /** The questions of a decision tree; where there is none, the one with all answers. */
  private readonly questions: HTMLElement[];
  private readonly workflowId: string;
  private readonly help: HTMLDialogElement;
  private readonly history: Past[] = [];

  private current: Prepared | null = null;
  /** The answer that is being looked at again; nothing about it changes before another is given. */
  private edited: Past | null = null;
  /** The client id of the withdrawn vote that the next answer replaces. */
  private replaces: string | null = null;
  private painted = false;
  private aboutInView = true;
  private isAway = false;
  /** How often something was said to screen readers. */
  private said = 0;
  private paintedAt = 0;
  private counted = 0;
  private measured = 0;
  private announcement = '';
  private returnFocus: HTMLElement | null = null;

  constructor(
    private readonly root: HTMLElement,
    drawer: Drawer,
  ) {
    this.workflowId = root.dataset['workflowId'] as string;
    this.stage = this.part('stage');
    this.help = this.part<HTMLDialogElement>('help');
    this.answers = [...root.querySelectorAll<HTMLButtonElement>('button[data-answer]')];
    this.questions = [...root.querySelectorAll<HTMLElement>('[data-question]')];
    this.definition = JSON.parse(root.querySelector('[data-definition]')?.textContent ?? '') as Definition;
    const labels = this.definition.answers.map((answer) => answer.label);
    this.feedback = new Feedback(this.part('feedback'), this.workflowId, labels);
    this.gold = new GoldFeedback(
      this.part('feedback'),
      root.dataset['newcomer'] === 'true',
      (clientId) => this.history.find((past) => past.clientId === clientId)?.item ?? null,
      () => this.viewer.look,
      (words) => this.say(words),
    );
    this.outbox = new Outbox(drawer, {
      changed: (unsent, stuck) => this.showUnsent(unsent, stuck),
      accepted: (vote, entry) => {
        this.feedback.accepted(vote, entry.createdAt);
        // What made the queue wait may have been this very answer.
        if (!this.current) this.queue.wake();
        void this.gold.accepted(vote, entry.id);
      },
      refused: (vote, reason) => this.refused(vote, reason),
      away: () => this.away(),
    });
    this.viewer = new Viewer(
      this.stage,
      root,
      () => this.queue.redraw(),
      (words) => this.say(words),
    );
    const underWay = drawer.left.flatMap((entry) => (entry.kind === 'vote' ? [entry.candidateId] : []));
    this.queue = new Queue(this.workflowId, root.dataset['feed'] ?? 'teaching', underWay, () => this.viewer.look, {
      ready: () => {
        if (!this.current) this.next(performance.now());
      },
      empty: () => {
        if (!this.current) this.wait('empty');
      },
      trouble: (message) => this.trouble(message),
      away: () => this.away(),
    });
    this.settings = new Settings(this.part<HTMLDialogElement>('settings'), root, labels, this.viewer);
    this.tasks = new Tasks(this.part('question'), this.part('asked'), this.definition, this.viewer);
    const known = new Map(this.definition.answers.map(({ key, label }, hue) => [key, { hue, label }]));
    const slug = root.dataset['slug'] as string;
    this.guide = new Guide(root, slug);
    this.stars = new Stars(root.querySelector('[data-tool="star"]') as HTMLElement, (words) => this.say(words));
    this.summary = new SessionSummary(root, slug, this.sessionStart());
    this.tutorial = root.dataset['tutorial'] === 'true' ? new Tutorial(root, slug, this.workflowId) : null;
    this.recent = new Recent(this.part('recent-list'), known, (past) => this.reopen(past));
  }

  start(): void {
    this.counted = Number(sessionStorage.getItem(this.countKey()) ?? 0);
    this.count(0);
    this.listen();
    this.wait('loading');
    this.queue.start();
    this.outbox.start();
    soon(() => void this.stars.start());
    this.tutorial?.startAtFirstVisit();
  }

  private listen(): void {
    this.answers.forEach((button) => button.addEventListener('click', (event) => this.answer(button, event.timeStamp)));
    this.root.querySelectorAll<HTMLButtonElement>('[data-question-to]').forEach((button) => button.addEventListener('click', () => this.turn(button)));
    this.root.querySelectorAll<HTMLButtonElement>('[data-tool]').forEach((button) =>
      button.addEventListener('click', (event) => {
        const tool = button.dataset['tool'] as Action | 'settings';
        if (tool === 'settings') this.settings.open();
        else this.act(tool, event);
      }),
    );
    this.root.querySelectorAll<HTMLButtonElement>('[data-pick]').forEach((button) =>
      button.addEventListener('click', () => this.viewer.enlarge(Number(button.dataset['pick']))),
    );
    this.help.querySelector('[data-close]')?.addEventListener('click', () => this.help.close());
    this.help.querySelector('[data-to-settings]')?.addEventListener('click', () => {
      this.help.close();
      this.settings.open();
    });
    this.root.querySelectorAll('[data-session]').forEach((button) => button.addEventListener('click', () => void this.summary.open()));
    const replay = this.help.querySelector<HTMLButtonElement>('[data-to-tutorial]');
    if (replay) {
      replay.hidden = this.tutorial === null;
      replay.addEventListener('click', () => {
        this.help.close();
        void this.tutorial?.open();
      });
    }
    new IntersectionObserver((seen) => (this.aboutInView = seen[seen.length - 1]?.isIntersecting ?? true)).observe(this.part('about'));
    document.addEventListener('keydown', (event) => this.key(event));
    addEventListener('online', () => this.again());
    // Back from another tab, where somebody may have signed in again.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.again();
    });
    addEventListener('beforeunload', (event) => {
      // What could not be stored is lost with the page.
      if (!this.outbox.safe) event.preventDefault();
    });
    addEventListener('pagehide', () => {
      this.outbox.flushOnLeave();
      this.queue.release(this.current?.assignment ?? null);
    });
    addEventListener('pageshow', (event) => {
      // Back from the browser's page cache: the leases are gone.
      if (event.persisted) location.reload();
    });
  }

  /** Tries at once what waits for its next try. */
  private again(): void {
    this.outbox.flush();
    this.queue.wake();
  }

  private key(event: KeyboardEvent): void {
    const { keys } = this.settings;
    if (!keys || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return;
    // While more is asked, keys belong to its controls; only the cursor goes on moving.
    if (this.tasks.open && !(event.shiftKey && event.key.startsWith('Arrow'))) return;
    const action = actionOf(keyOf(event), keys);
    // A key that is held down moves on, but answers only once.
    if (action === undefined || (event.repeat && !/^(left|right|up|down|zoom.*)$/.test(action))) return;
    if (this.act(action, event)) event.preventDefault();
  }

  /** @return false if there was nothing to do, so that the key keeps its meaning for the page */
  private act(action: Action, event: Event): boolean {
    switch (action) {
      case 'skip':
        this.skip(event.timeStamp);
        return true;
      case 'undo':
        this.undo();
        return true;
      case 'blink':
        this.viewer.toggleBlink();
        return true;
      case 'invert':
        this.viewer.toggleInvert();
        return true;
      case 'stretch':
        this.viewer.nextStretch();
        return true;
      case 'colours':
        this.viewer.nextMap();
        return true;
      case 'zoomIn':
        this.viewer.zoomBy(1);
        return true;
      case 'zoomOut':
        this.viewer.zoomBy(-1);
        return true;
      case 'left':
        return this.look(-1, 0, event);
      case 'right':
        return this.look(1, 0, event);
      case 'up':
        return this.look(0, -1, event);
      case 'down':
        return this.look(0, 1, event);
      case 'star':
        void this.stars.toggle();
        return true;
      case 'guide':
        void this.guide.open();
        return true;
      case 'help':
        this.help.showModal();
        return true;
      default: {
        const button = this.asked?.querySelectorAll<HTMLButtonElement>('.answer')[Number(action.slice(6)) - 1];
        if (button?.dataset['answer']) this.answer(button, event.timeStamp);
        else if (button) this.turn(button);
        return button !== undefined;
      }
    }
  }

  /** With Shift the cursor moves from pixel to pixel; without, what is visible moves. */
  private look(dx: number, dy: number, event: Event): boolean {
    if (!(event instanceof KeyboardEvent) || !event.shiftKey) return this.viewer.panBy(dx, dy);
    this.viewer.pointBy(dx, dy);
    return true;
  }

  /** The question that is asked now. */
  private get asked(): HTMLElement | undefined {
    return this.questions.find((question) => !question.hidden);
  }

  private ask(question: number): void {
    this.questions.forEach((one, index) => (one.hidden = index !== question));
  }

  /** Goes to another question of the decision tree, on or back. */
  private turn(button: HTMLElement): void {
    if (!this.painted) return;
    this.ask(Number(button.dataset['questionTo']));
    this.asked?.querySelector<HTMLElement>('.answer')?.focus({ preventScroll: true });
    this.say(this.asked?.querySelector('legend')?.textContent ?? '');
  }

  private answer(button: HTMLButtonElement, at: number): void {
    if (!this.current || !this.painted || this.tasks.open) return;
    const answer = button.dataset['answer'] as string;
    if (this.edited?.answer === answer) {
      this.keep(at);
      return;
    }
    if (!this.tasks.follow(answer)) {
      this.record(answer, at, at, {});
      return;
    }
    const focused = document.activeElement;
    this.tasks.ask(answer, this.labelOfKey(answer), (values) => {
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
      this.record(answer, at, performance.now(), values);
    });
  }

  /**
   * @param answered when the answer was given
   * @param at when the next candidate was asked for
   */
  private record(answer: string, answered: number, at: number, values: Values): void {
    const item = this.current;
    if (!item) return;
    const past = this.edited;
    // An edit replaces the vote that stands, unless that has not left yet: then it takes its place.
    const cancelled = past?.kind === 'vote' && this.outbox.cancel(past.clientId);
    const replaces = !past ? this.replaces : past.kind === 'vote' && !cancelled ? past.clientId : past.replaces;
    const vote: Vote = {
      kind: 'vote',
      clientId: crypto.randomUUID(),
      workflowId: this.workflowId,
      candidateId: item.assignment.candidateId,
      assignmentId: item.assignment.id,
      answer,
      elapsedMs: Math.round(answered - this.paintedAt),
      replaces,
    };
    if (past) {
      this.feedback.say('');
      const { answer: earlier, clientId } = past;
      if (past.kind === 'skip') this.count(1);
      const before = past.kind === 'vote' && !cancelled ? { answer: earlier, clientId, replaces: past.replaces } : null;
      this.forget(past);
      Object.assign(past, { kind: 'vote', answer, clientId: vote.clientId, replaces, before });
      this.history.push(past);
    } else {
      this.remember({ item, kind: 'vote', answer, clientId: vote.clientId, replaces, before: null });
      this.count(1);
    }
    // Handed to the store before anything is painted; sent after.
    this.outbox.add(vote);
    if (Object.keys(values).length > 0) this.outbox.add({ kind: 'details', clientId: crypto.randomUUID(), of: vote.clientId, values });
    this.announcement = text(past ? 'changed' : 'recorded', { answer: this.labelOfKey(answer) });
    this.next(at);
  }

  private skip(at: number): void {
    const item = this.current;
    if (!item || !this.painted || this.tasks.open) return;
    if (this.edited) {
      this.keep(at);
      return;
    }
    const clientId = crypto.randomUUID();
    // After an undo there is no open assignment to skip: the vote stays withdrawn.
    if (!this.replaces) this.outbox.add({ kind: 'skip', clientId, assignmentId: item.assignment.id });
    this.remember({ item, kind: 'skip', answer: null, clientId, replaces: this.replaces, before: null });
    this.announcement = text('skipped');
    this.next(at);
  }

  /** Leaves an earlier candidate as it was answered. */
  private keep(at: number): void {
    this.announcement = text('kept');
    this.feedback.say(this.announcement);
    this.next(at);
  }

  /** Brings the previous candidate back and takes its vote back. */
  private undo(): void {
    if ((this.current && !this.painted) || this.tasks.open) return;
    const up = this.asked?.querySelector<HTMLElement>('[data-up]');
    if (up) {
      this.turn(up);
      return;
    }
    if (this.edited) {
      this.keep(performance.now());
      return;
    }
    const past = this.history.pop();
    if (!past) return;
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
    this.announcement = text('undoneAnnounced');
    this.show(item, performance.now(), replaces, null);
    this.enableTools();
  }

  /** Brings an answered candidate back to be looked at, and answered otherwise if one likes. */
  private reopen(past: Past): void {
    if ((this.current && !this.painted) || this.tasks.open) return;
    if (past === this.edited) {
      this.keep(performance.now());
      return;
    }
    // Looking at one and then at another leaves the first as it was.
    if (this.current && !this.edited) this.queue.putBack(this.current);
    const words = past.answer === null ? text('youSkipped') : text('youAnswered', { answer: this.labelOfKey(past.answer) });
    this.feedback.hold(words);
    this.announcement = words;
    this.show(past.item, performance.now(), null, past);
  }

  /** A refused edit leaves the vote before it standing; a refused vote leaves none. */
  private refused(vote: Vote, reason: string): void {
    const past = this.history.find((one) => one.clientId === vote.clientId);
    if (past?.before) Object.assign(past, past.before, { before: null });
    else if (vote.answer !== null) {
      this.count(-1);
      if (past) this.forget(past);
    }
    this.feedback.refused(reason);
    this.enableTools();
  }

  private remember(past: Past): void {
    this.history.push(past);
    if (this.history.length > HISTORY) this.history.shift();
  }

  private forget(past: Past): void {
    const at = this.history.indexOf(past);
    if (at >= 0) this.history.splice(at, 1);
  }

  private next(at: number): void {
    const item = this.queue.take();
    if (item) this.show(item, at, null, null);
    else this.wait(this.queue.dry ? 'empty' : 'loading');
  }

  private show(item: Prepared, at: number, replaces: string | null, edited: Past | null): void {
    const waited = this.current === null;
    this.current = item;
    this.replaces = replaces;
    this.edited = edited;
    this.painted = false;
    this.ask(0);
    this.root.dataset['state'] = 'showing';
    this.root.dataset['mode'] = edited ? 'editing' : 'new';
    this.viewer.show(item.pictures, item.pixelArcsec, item.lies);
    // What is off the screen, as on a phone, need not be laid out before the images are painted.
    if (this.aboutInView || waited) this.tellAbout(item);
    else soon(() => this.tellAbout(item));
    this.stage.dataset['candidateId'] = item.assignment.candidateId;
    this.stars.show(item.assignment.candidateId);
    afterPaint(() => this.paintedNow(at, item));
  }

  /** The facts, the light curve and the reason, unless the page shows something else by now. */
  private tellAbout(item: Prepared): void {
    if (this.current !== item) return;
    const glance = this.part('glance');
    const table = item.glance.querySelector('details');
    // Who reads the table reads that of the next candidate, too.
    if (table) table.open = glance.querySelector('details')?.open ?? false;
    const focused = glance.contains(document.activeElement);
    glance.replaceChildren(item.glance);
    if (focused) (item.glance.querySelector('summary') ?? this.stage).focus({ preventScroll: true });
    this.part('why').textContent = item.assignment.why;
    this.part<HTMLAnchorElement>('details').href = `/candidates/${item.assignment.candidateId}`;
  }

  private paintedNow(at: number, item: Prepared): void {
    if (this.current !== item) return;
    this.painted = true;
    this.paintedAt = performance.now();
    this.stage.dataset['painted'] = item.assignment.candidateId;
    if (this.measured++ % MEASURED === 0) performance.clearMeasures();
    performance.measure('skysieve:key-to-paint', { start: at, end: this.paintedAt });
    this.answers.forEach((button) => {
      button.disabled = false;
      button.dataset['chosen'] = String(this.edited !== null && button.dataset['answer'] === this.edited.answer);
    });
    this.returnFocus?.focus({ preventScroll: true });
    this.returnFocus = null;
    const said = this.said;
    soon(() => {
      if (this.current !== item) return;
      // What was said since then is about this candidate.
      const since = this.said === said ? '' : (this.part('announcer').textContent ?? '');
      this.say(`${this.announcement} ${item.spoken} ${since}`.trim());
      this.announcement = '';
    });
    this.enableTools();
  }

  /** Nothing to show: still loading, or nothing left. */
  private wait(state: 'loading' | 'empty'): void {
    this.viewer.clear();
    this.current = null;
    this.edited = null;
    this.painted = false;
    this.root.dataset['state'] = state;
    delete this.stage.dataset['candidateId'];
    this.stars.show(null);
    const focused = document.activeElement;
    if (focused instanceof HTMLButtonElement && this.answers.includes(focused)) {
      // A disabled button drops the focus; it comes back with the next candidate.
      this.returnFocus = focused;
      this.stage.focus({ preventScroll: true });
    }
    this.answers.forEach((button) => (button.disabled = true));
    if (state === 'empty') this.say(text('noMore'));
    this.enableTools();
  }

  private enableTools(): void {
    soon(() => {
      this.root.querySelector('[data-tool="undo"]')?.setAttribute('aria-disabled', String(this.history.length === 0));
      this.recent.show(this.history, this.viewer.look, this.edited);
    });
  }

  private count(by: number): void {
    this.counted = Math.max(0, this.counted + by);
    // The next candidate's frame comes first.
    soon(() => {
      sessionStorage.setItem(this.countKey(), String(this.counted));
      this.part('count').textContent = String(this.counted);
    });
  }

  /** When this tab began to classify. */
  private sessionStart(): string {
    const key = `skysieve.session.${this.workflowId}`;
    const start = sessionStorage.getItem(key) ?? new Date().toISOString();
    sessionStorage.setItem(key, start);
    return start;
  }

  private countKey(): string {
    return `skysieve.count.${this.workflowId}`;
  }

  private showUnsent(unsent: number, stuck: boolean): void {
    if (!stuck && this.isAway) this.trouble(null);
    const element = this.part('unsent');
    // One vote under way is the normal course of things, not news.
    element.hidden = unsent === 0 || (unsent < 3 && !stuck);
    element.dataset['unsent'] = String(unsent);
    if (element.hidden) return;
    const words = counted('unsent', unsent);
    element.textContent = stuck ? text(this.outbox.safe ? 'unsentKept' : 'unsentUnsafe', { unsent: words }) : words;
  }

  private trouble(message: string | null): void {
    if (message !== null && this.isAway) return;
    this.isAway = false;
    const element = this.part('trouble');
    element.hidden = message === null;
    element.textContent = message ?? '';
  }

  /** The session ended, or another began in another tab: nothing is lost, and nothing goes on without a word. */
  private away(): void {
    if (this.isAway) return;
    const link = (key: string, href: string): HTMLAnchorElement => {
      const anchor = document.createElement('a');
      anchor.href = href;
      anchor.textContent = text(key);
      return anchor;
    };
    const here = location.pathname + location.search;
    const element = this.part('trouble');
    element.hidden = false;
    element.replaceChildren(
      ...pieces('away', { signIn: link('awaySignIn', `/sign-in?next=${encodeURIComponent(here)}`), reload: link('awayReload', here) }),
    );
    this.isAway = true;
  }

  private say(words: string): void {
    this.said++;
    this.part('announcer').textContent = words;
  }

  private labelOfKey(key: string): string {
    return this.definition.answers.find((one) => one.key === key)?.label ?? key;
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`classify page: no element with data-part="${name}"`);
    return found;
  }
}
