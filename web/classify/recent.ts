import type { Look } from '../shared/stretch';
import type { Prepared } from './queue';
import { text } from './texts';

/** What somebody did with a candidate; an edit changes it in place. */
export interface Past {
  readonly item: Prepared;
  kind: 'vote' | 'skip';
  /** Key of the answer; null for a skip. */
  answer: string | null;
  /** The client id of the vote that stands, or of the skip. */
  clientId: string;
  /** What that vote replaces. */
  replaces: string | null;
  /** What stood before the last edit, should the server refuse it. */
  before: { readonly answer: string | null; readonly clientId: string; readonly replaces: string | null } | null;
}

/** The last answers as a strip of small pictures, the newest first: one press brings a candidate back. */
export class Recent {
  private readonly items = new Map<Past, HTMLLIElement>();

  /**
   * @param list an ordered list
   * @param hues the number of the hue and the label of each answer, by its key
   */
  constructor(
    private readonly list: HTMLElement,
    private readonly answers: ReadonlyMap<string, { readonly hue: number; readonly label: string }>,
    private readonly open: (past: Past) => void,
  ) {}

  /** @param edited the one that is being looked at again */
  show(history: readonly Past[], look: Look, edited: Past | null): void {
    for (const [past, item] of this.items) {
      if (history.includes(past)) continue;
      item.remove();
      this.items.delete(past);
    }
    for (const past of history) {
      const item = this.items.get(past) ?? this.add(past, look);
      if (this.list.firstElementChild !== item && past === history[history.length - 1]) this.list.prepend(item);
      const answer = past.answer === null ? undefined : this.answers.get(past.answer);
      const said = answer?.label ?? text('pastSkipped');
      const button = item.firstElementChild as HTMLButtonElement;
      button.className = answer ? `past hue-${answer.hue}` : 'past';
      button.setAttribute('aria-label', text('pastLabel', { answer: said, name: past.item.name }));
      button.title = text('pastTitle', { answer: said });
      if (past === edited) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
      (button.lastElementChild as HTMLElement).textContent = said;
    }
    const section = this.list.closest<HTMLElement>('[data-part="recent"]');
    if (section) section.hidden = history.length === 0;
  }

  private add(past: Past, look: Look): HTMLLIElement {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['candidateId'] = past.item.assignment.candidateId;
    button.addEventListener('click', () => this.open(past));
    const picture = past.item.pictures[0] ?? past.item.pictures[2];
    const thumb = document.createElement('canvas');
    if (picture) {
      thumb.width = picture.width;
      thumb.height = picture.height;
      thumb.getContext('2d')?.drawImage(picture.image(look), 0, 0);
    }
    button.append(thumb, document.createElement('span'));
    item.append(button);
    this.list.prepend(item);
    this.items.set(past, item);
    return item;
  }
}
