/** What the server says and hears, as in docs/api.md. 64-bit ids are strings. */
export interface Assignment {
  readonly id: string;
  readonly candidateId: string;
  readonly workflowId: string;
  readonly leaseUntil: string;
  readonly why: string;
}

/** One step of a candidate's trace; probabilities are in the order of the workflow's answers. */
export interface Step {
  readonly at: string;
  readonly before: readonly number[] | null;
  readonly combined: readonly number[];
}

export interface Trace {
  readonly outcome: 'open' | 'retired' | 'ambiguous';
  readonly steps: readonly Step[];
}

/** An answer of the server that is not 2xx; status 0 stands for "no answer at all". */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Seconds after which the server wants to be asked again, if it said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** True if the same request may well succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

const TIMEOUT_MS = 15_000;
/** The header in which a page tells whose it is. */
const PAGE_OF = 'Skysieve-Volunteer';

let volunteer = '';

/**
 * Says whose page this is. From then on every request names them: should the session have ended meanwhile, or another have
 * begun in another tab, then the server answers 401 instead of counting a vote for somebody else.
 */
export function speakFor(id: string): void {
  volunteer = id;
}

/** The id of the volunteer whose page this is; empty before a new guest has been given work. */
export function speaker(): string {
  return volunteer;
}

/** A request of this page, as fetch takes it. */
export function own(options: RequestInit): RequestInit {
  return volunteer ? { ...options, headers: { ...(options.headers as Record<string, string>), [PAGE_OF]: volunteer } } : options;
}

/** @param read takes what is needed from the answer; an answer that breaks off is none */
export async function send<T>(url: string, options: RequestInit, read: (response: Response) => Promise<T>): Promise<T> {
  try {
    const response = await fetch(url, own({ signal: AbortSignal.timeout(TIMEOUT_MS), ...options }));
    if (response.ok) return await read(response);
    const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    const retryAfter = Number(response.headers.get('Retry-After'));
    throw new Refusal(
      response.status,
      problem.detail ?? problem.title ?? response.statusText,
      Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    );
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(0, cause instanceof Error ? cause.message : 'no answer');
  }
}

export const nothing = (): Promise<void> => Promise.resolve();

export function postJson<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
  return send(url, { method: 'POST', headers, body: JSON.stringify(body) }, (response) => response.json() as Promise<T>);
}

export function getJson<T>(url: string): Promise<T> {
  return send(url, { headers: { Accept: 'application/json' } }, (response) => response.json() as Promise<T>);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Exponential backoff with jitter: 1 s, 2 s, 4 s ... at most 30 s, each between half and all of that. */
export function backoffMs(failures: number, random: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + random / 2);
}
