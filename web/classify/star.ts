import { getJson, nothing, Refusal, send } from './api';
import { text } from './texts';

/** The candidates that the person starred, and the button that says so of the one that is shown. */
export class Stars {
  private readonly starred = new Set<string>();
  private shown: string | null = null;

  constructor(
    private readonly button: HTMLElement,
    private readonly say: (words: string) => void,
  ) {}

  async start(): Promise<void> {
    try {
      const { candidateIds } = await getJson<{ candidateIds: string[] }>('/api/v1/me/favourites');
      candidateIds.forEach((id) => this.starred.add(id));
      this.draw();
    } catch (cause) {
      // Without them a star may look unset; setting it twice does no harm.
      if (!(cause instanceof Refusal)) throw cause;
    }
  }

  show(candidateId: string | null): void {
    this.shown = candidateId;
    this.draw();
  }

  async toggle(): Promise<void> {
    const id = this.shown;
    if (id === null) return;
    const wanted = !this.starred.has(id);
    this.set(id, wanted);
    this.say(wanted ? text('starred') : text('unstarred'));
    try {
      await send(`/api/v1/me/favourites/${id}`, { method: wanted ? 'PUT' : 'DELETE' }, nothing);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      this.set(id, !wanted);
      this.say(text('starFailed'));
    }
  }

  private set(id: string, starred: boolean): void {
    if (starred) this.starred.add(id);
    else this.starred.delete(id);
    this.draw();
  }

  private draw(): void {
    const on = this.shown !== null && this.starred.has(this.shown);
    this.button.setAttribute('aria-pressed', String(on));
  }
}
