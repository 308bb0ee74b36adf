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

export async function send(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
  } catch (cause) {
    throw new Refusal(0, cause instanceof Error ? cause.message : 'no answer');
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  const retryAfter = Number(response.headers.get('Retry-After'));
  throw new Refusal(
    response.status,
    problem.detail ?? problem.title ?? response.statusText,
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  );
}

export async function postJson<T>(url: string, body: unknown): Promise<T> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as T;
}

export async function getJson<T>(url: string): Promise<T> {
  return (await (await send(url, { headers: { Accept: 'application/json' } })).json()) as T;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Exponential backoff with jitter: 1 s, 2 s, 4 s ... at most 30 s, each between half and all of that. */
export function backoffMs(failures: number, random: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (0.5 + random / 2);
}
