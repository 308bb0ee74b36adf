import { type Consensus, getJson, pause, Refusal } from './api';
import type { Vote } from './outbox';

/** When to look whether the consensus has taken a vote in, after the server acknowledged it. */
const LOOKS_MS = [250, 400, 800, 1600, 3000];

/** One step of a candidate's trace. */
interface Step {
  readonly classificationId: string | null;
  readonly before: readonly number[] | null;
  readonly after: readonly number[];
}

/** Says what the volunteer's last vote changed: only ever after it was given, so that nobody is led by the crowd. */
export class Feedback {
  private latest = '';

  constructor(
    private readonly element: HTMLElement,
    private readonly workflowId: string,
    private readonly labels: readonly string[],
  ) {}

  undone(): void {
    this.latest = '';
    this.say('Taken back. Answer again, or skip.');
  }

  refused(reason: string): void {
    this.latest = '';
    this.say(`Your last answer was not counted: ${reason}`);
  }

  accepted(vote: Vote): void {
    if (vote.answer === null) return;
    this.latest = vote.clientId;
    void this.follow(vote).catch((cause: unknown) => {
      if (!(cause instanceof Refusal)) throw cause;
    });
  }

  private async follow(vote: Vote): Promise<void> {
    const url = `/api/v1/workflows/${this.workflowId}/candidates/${vote.candidateId}/consensus`;
    for (const wait of LOOKS_MS) {
      await pause(wait);
      // Somebody who classifies fast wants the latest only.
      if (this.latest !== vote.clientId) return;
      const consensus = await getJson<Consensus>(url).catch((cause: unknown) => {
        if (cause instanceof Refusal && (cause.status === 404 || cause.status === 403 || cause.passing)) return null;
        throw cause;
      });
      if (consensus && consensus.votes > 0) {
        if (this.latest === vote.clientId) this.show(vote, consensus, null);
        return;
      }
    }
  }

  private show(vote: Vote, consensus: Consensus, step: Step | null): void {
    const leading = consensus.combined.indexOf(Math.max(...consensus.combined));
    const label = this.labels[leading] ?? '';
    const after = percent(consensus.combined[leading]);
    const before = step?.before ? percent(step.before[leading]) : null;
    const votes = `${consensus.votes} ${consensus.votes === 1 ? 'vote' : 'votes'}`;
    const outcome = { open: 'still open', retired: 'now settled', ambiguous: 'set aside as ambiguous' }[consensus.outcome];
    this.say('');
    const link = document.createElement('a');
    link.href = `/candidates/${vote.candidateId}`;
    link.textContent = 'Your last candidate';
    this.element.append(link, `: ${label} `, strong(before ? `${before} → ${after}` : after), ` after ${votes}, ${outcome}.`);
    this.element.dataset['candidateId'] = vote.candidateId;
  }

  private say(text: string): void {
    delete this.element.dataset['candidateId'];
    this.element.textContent = text;
  }
}

function percent(probability: number | undefined): string {
  const value = 100 * (probability ?? 0);
  return value > 99 && value < 100 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

function strong(text: string): HTMLElement {
  const element = document.createElement('strong');
  element.textContent = text;
  return element;
}
