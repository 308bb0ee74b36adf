import { getJson, pause, Refusal, type Step, type Trace } from './api';
import { idle } from './frame';
import type { Vote } from './outbox';
import { named, percent, pieces, text } from './texts';

/** When to look whether the consensus has taken a vote in, after the server acknowledged it. */
const LOOKS_MS = [250, 400, 800, 1600, 3000];

/** Says what the volunteer's last vote changed: only ever after it was given, so that nobody is led by the crowd. */
export class Feedback {
  private latest = '';
  private held = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly workflowId: string,
    private readonly labels: readonly string[],
  ) {}

  /** Says something that no news of an earlier vote takes the place of, until something else is said. */
  hold(words: string): void {
    this.say(words);
    this.held = true;
  }

  say(text: string): void {
    this.held = false;
    delete this.element.dataset['candidateId'];
    this.element.textContent = text;
  }

  undone(): void {
    this.latest = '';
    this.say(text('undone'));
  }

  refused(reason: string): void {
    this.latest = '';
    this.say(text('refused', { reason }));
  }

  /** @param recordedAt the server's time of the vote, which names its step in the trace */
  accepted(vote: Vote, recordedAt: string): void {
    if (vote.answer === null) return;
    this.latest = vote.clientId;
    void this.follow(vote, recordedAt).catch((cause: unknown) => {
      if (!(cause instanceof Refusal)) throw cause;
    });
  }

  private async follow(vote: Vote, recordedAt: string): Promise<void> {
    const url = `/api/v1/workflows/${this.workflowId}/candidates/${vote.candidateId}/trace`;
    for (const wait of LOOKS_MS) {
      await pause(wait);
      await idle();
      // Somebody who classifies fast wants the latest only.
      if (this.latest !== vote.clientId) return;
      const trace = await getJson<Trace>(url).catch((cause: unknown) => {
        if (cause instanceof Refusal && (cause.status === 404 || cause.status === 403 || cause.passing)) return null;
        throw cause;
      });
      const step = trace?.steps.find((candidate) => candidate.at === recordedAt);
      if (trace && step) {
        if (this.latest === vote.clientId && !this.held) this.show(vote, trace, step);
        return;
      }
    }
  }

  private show(vote: Vote, trace: Trace, step: Step): void {
    if (step.combined.length === 0) return;
    const leading = step.combined.indexOf(Math.max(...step.combined));
    const after = percent(step.combined[leading]);
    const before = step.before ? percent(step.before[leading]) : null;
    const outcome = named('outcome', trace.outcome);
    const link = document.createElement('a');
    link.href = `/candidates/${vote.candidateId}`;
    link.textContent = text('lastCandidate');
    this.say('');
    const change = strong(before ? text('change', { before, after }) : after);
    const values = { link, label: this.labels[leading] ?? '', change, outcome };
    this.element.append(...pieces(before ? 'byYourVote' : 'withFirstVote', values));
    this.element.dataset['candidateId'] = vote.candidateId;
  }
}

function strong(text: string): HTMLElement {
  const element = document.createElement('strong');
  element.textContent = text;
  return element;
}
