import { nothing, Refusal, send } from './api';
import { text } from './texts';

/** A dialog whose content is part of a page of the server, fetched when it is first opened. */
class FetchedDialog {
  protected readonly dialog = document.createElement('dialog');
  protected readonly body = document.createElement('div');
  protected readonly actions = document.createElement('p');
  private loaded = false;

  constructor(
    root: HTMLElement,
    name: string,
    private readonly url: string,
    title: string,
    private readonly once = true,
  ) {
    this.dialog.className = `help ${name}`;
    this.dialog.dataset['testid'] = `${name}-dialog`;
    const heading = document.createElement('h2');
    heading.id = `${name}-title`;
    heading.textContent = title;
    heading.tabIndex = -1;
    heading.autofocus = true;
    this.dialog.setAttribute('aria-labelledby', heading.id);
    this.actions.className = 'actions';
    this.dialog.append(heading, this.body, this.actions);
    root.append(this.dialog);
  }

  async open(): Promise<void> {
    if (this.dialog.open) return;
    if (!this.loaded) this.body.textContent = text('loading');
    this.dialog.showModal();
    if (this.loaded) return;
    try {
      this.body.innerHTML = await send(this.url, {}, (response) => response.text());
      this.loaded = this.once;
      this.ready();
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.body.textContent = text('notLoaded');
    }
  }

  protected ready(): void {
    // Nothing but the content, for most.
  }

  protected button(words: string, primary: boolean, act: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = primary ? 'button primary' : 'button';
    button.textContent = words;
    button.addEventListener('click', act);
    this.actions.append(button);
    return button;
  }
}

/** The field guide beside the candidate, which stays where it is. */
export class Guide extends FetchedDialog {
  constructor(root: HTMLElement, slug: string) {
    super(root, 'guide', `/projects/${slug}/guide/entries`, text('guideTitle'));
    this.button(text('toSky'), true, () => this.dialog.close());
    const page = document.createElement('a');
    page.className = 'button';
    page.href = `/projects/${slug}/guide`;
    page.target = '_blank';
    page.rel = 'noopener';
    page.textContent = text('asPage');
    this.actions.append(page);
  }
}

/** What became of the session so far; asked anew whenever it is opened. */
export class SessionSummary extends FetchedDialog {
  constructor(root: HTMLElement, slug: string, since: string) {
    super(root, 'session', `/projects/${slug}/me/session?since=${encodeURIComponent(since)}`, text('sessionTitle'), false);
    this.button(text('toSky'), true, () => this.dialog.close());
  }
}

const SEEN = 'skysieve.tutorial.';

/**
 * The tutorial, step by step. It comes by itself once, and again when it is asked for. The server knows of accounts whether
 * it came; of a guest this browser knows, and tells the account that the guest signs in with.
 */
export class Tutorial extends FetchedDialog {
  private steps: HTMLElement[] = [];
  private at = 0;
  private readonly place = document.createElement('span');
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  /** What the server knows: true or false for an account, empty for a guest. */
  private known: string;

  constructor(
    root: HTMLElement,
    slug: string,
    private readonly workflowId: string,
  ) {
    super(root, 'tutorial', `/projects/${slug}/tutorial/steps`, text('tutorialTitle'));
    this.known = root.dataset['tutorialSeen'] ?? '';
    this.next = this.button(text('stepNext'), true, () => this.go(this.at + 1));
    this.back = this.button(text('stepBack'), false, () => this.go(this.at - 1));
    this.leave = this.button(text('skipTutorial'), false, () => this.dialog.close());
    this.place.className = 'hint';
    this.place.setAttribute('role', 'status');
    this.actions.append(this.place);
    // Also by Escape: who closes it has seen enough.
    this.dialog.addEventListener('close', () => this.remember());
  }

  startAtFirstVisit(): void {
    if (this.known === 'true') return;
    if (!this.seenHere()) void this.open();
    else if (this.known === 'false') void this.tell();
  }

  override async open(): Promise<void> {
    await super.open();
    if (this.steps.length > 0) this.go(0);
  }

  protected override ready(): void {
    this.steps = [...this.body.querySelectorAll<HTMLElement>('[data-step]')];
  }

  private go(to: number): void {
    if (to >= this.steps.length) {
      this.dialog.close();
      return;
    }
    this.at = Math.max(0, to);
    this.steps.forEach((step, index) => (step.hidden = index !== this.at));
    const last = this.at === this.steps.length - 1;
    this.next.textContent = last ? text('stepLast') : text('stepNext');
    this.back.hidden = this.at === 0;
    this.leave.hidden = last;
    this.place.textContent = text('stepOf', { at: String(this.at + 1), all: String(this.steps.length) });
    this.steps[this.at]?.querySelector<HTMLElement>('h3')?.focus();
  }

  private seenHere(): boolean {
    try {
      return localStorage.getItem(SEEN + this.workflowId) !== null;
    } catch {
      // Without a store it would come at every visit: rather never.
      return true;
    }
  }

  private remember(): void {
    if (this.known !== '') {
      if (this.known === 'false') void this.tell();
      return;
    }
    try {
      localStorage.setItem(SEEN + this.workflowId, new Date().toISOString());
    } catch {
      // It comes again, then.
    }
  }

  /** Notes it with the account; what this browser knew of a guest has come along and is forgotten here. */
  private async tell(): Promise<void> {
    try {
      await send(`/api/v1/workflows/${this.workflowId}/me/tutorial`, { method: 'PUT' }, nothing);
      this.known = 'true';
      localStorage.removeItem(SEEN + this.workflowId);
    } catch {
      // It comes again at the next visit, then.
    }
  }
}
