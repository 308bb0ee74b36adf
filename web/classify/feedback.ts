import { getJson, pause, Refusal, type Step, type Trace } from './api';
import type { Vote } from './outbox';

/** When to look whether the consensus has taken a vote in, after the server acknowledged it. */
const LOOKS_MS = [250, 400, 800, 1600, 3000];

/** Says what the volunteer's last vote changed: only ever after it was given, so that nobody is led by the crowd. */
export class Feedback {
  private latest = '';

  constructor(
    private readonly element: HTMLElement,
    private readonly workflowId: string,
    private readonly labels: readonly string[],
  ) {}

  say(text: string): void {
    delete this.element.dataset['candidateId'];
    this.element.textContent = text;
  }

  undone(): void {
    this.latest = '';
    this.say('Taken back. Answer again, or skip.');
  }

  refused(reason: string): void {
    this.latest = '';
    this.say(`Your last answer was not counted: ${reason}`);
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
      // Somebody who classifies fast wants the latest only.
      if (this.latest !== vote.clientId) return;
      const trace = await getJson<Trace>(url).catch((cause: unknown) => {
        if (cause instanceof Refusal && (cause.status === 404 || cause.status === 403 || cause.passing)) return null;
        throw cause;
      });
      const step = trace?.steps.find((candidate) => candidate.at === recordedAt);
      if (trace && step) {
        if (this.latest === vote.clientId) this.show(vote, trace, step);
        return;
      }
    }
  }

  private show(vote: Vote, trace: Trace, step: Step): void {
    const leading = step.combined.indexOf(Math.max(...step.combined));
    const after = percent(step.combined[leading]);
    const before = step.before ? percent(step.before[leading]) : null;
    const outcome = { open: 'still open', retired: 'now settled', ambiguous: 'set aside as ambiguous' }[trace.outcome];
    const link = document.createElement('a');
    link.href = `/candidates/${vote.candidateId}`;
    link.textContent = 'Your last candidate';
    this.say('');
    this.element.append(link, `: ${this.labels[leading] ?? ''} `, strong(before ? `${before} → ${after}` : after));
    this.element.append(before ? ` by your vote, ${outcome}.` : ` with the first vote, ${outcome}.`);
    this.element.dataset['candidateId'] = vote.candidateId;
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
