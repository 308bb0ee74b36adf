import type { Look } from '../shared/stretch';
import { postJson, Refusal } from './api';
import { idle } from './frame';
import { text } from './texts';
import type { Vote } from './outbox';
import type { Prepared } from './queue';

/** What a gold standard is, as docs/api.md has it. */
interface Truth {
  readonly agreed: boolean;
  readonly counted: boolean;
  readonly label: string;
  readonly help: string;
  readonly note: string;
}

interface Learned {
  readonly newcomer: boolean;
  readonly gold: Truth | null;
}

/**
 * Tells a newcomer what a gold standard is, after the answer. It stands below the answers and leaves by itself after the
 * second answer from then: nobody has to stop for it, and nothing asks for more votes.
 */
export class GoldFeedback {
  private card: HTMLElement | null = null;
  private answersSince = 0;

  /**
   * @param below the card comes after this element
   * @param on whether the person still is a newcomer; the server says when not any more
   * @param itemOf what was shown for a vote, if it is still remembered
   */
  constructor(
    private readonly below: HTMLElement,
    private on: boolean,
    private readonly itemOf: (clientId: string) => Prepared | null,
    private readonly look: () => Look,
    private readonly say: (words: string) => void,
  ) {}

  async accepted(vote: Vote, id: string): Promise<void> {
    if (vote.answer === null) return;
    if (this.card && ++this.answersSince >= 2) this.close();
    if (!this.on) return;
    try {
      await idle();
      const { newcomer, gold } = await postJson<Learned>(`/api/v1/classifications/${id}/feedback`, {});
      this.on = newcomer;
      if (gold) this.show(gold, this.itemOf(vote.clientId), vote.candidateId);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      // Who is not heard is not taught: it is no part of the vote, so it is not tried again.
      if (!cause.passing) this.on = false;
    }
  }

  private show(gold: Truth, item: Prepared | null, candidateId: string): void {
    this.close();
    const card = document.createElement('section');
    card.className = gold.agreed ? 'gold-card notice good' : 'gold-card notice';
    card.dataset['testid'] = 'gold-feedback';
    const title = document.createElement('h2');
    const verdict = gold.agreed ? text('goldYes', { label: gold.label }) : text('goldNo', { label: gold.label });
    title.textContent = verdict;
    title.id = 'gold-title';
    card.setAttribute('aria-labelledby', title.id);
    card.append(title);
    const pictures = item?.pictures.filter((picture) => picture !== null) ?? [];
    if (pictures.length > 0) {
      const strip = document.createElement('div');
      strip.className = 'gold-pictures';
      strip.setAttribute('role', 'img');
      strip.setAttribute('aria-label', text('goldPictures', { name: item?.name ?? '' }));
      for (const picture of pictures) {
        const canvas = document.createElement('canvas');
        canvas.width = picture.width;
        canvas.height = picture.height;
        canvas.getContext('2d')?.drawImage(picture.image(this.look()), 0, 0);
        strip.append(canvas);
      }
      card.append(strip);
    }
    const reason = [gold.note, gold.help].filter((words) => words !== '');
    reason.forEach((words) => card.append(paragraph(words)));
    const tools = document.createElement('p');
    tools.className = 'gold-tools';
    const link = document.createElement('a');
    link.href = `/candidates/${candidateId}`;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = text('goldDetails');
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'tool';
    close.textContent = text('goldClose');
    close.addEventListener('click', () => {
      this.close();
      this.below.closest<HTMLElement>('[data-classify]')?.querySelector<HTMLElement>('[data-part="stage"]')?.focus({ preventScroll: true });
    });
    tools.append(link, close);
    card.append(tools);
    this.below.after(card);
    this.card = card;
    this.answersSince = 0;
    this.say([text('goldAnnounced', { verdict }), ...reason].join(' '));
  }

  private close(): void {
    this.card?.remove();
    this.card = null;
  }
}

function paragraph(words: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = words;
  return element;
}
