import { backoffMs, nothing, own, pause, Refusal, send, speaker } from './api';
import { type Drawer, PAGE, type Sent } from './drawer';
import { idle, soon } from './frame';

/**
 * Votes on their way. An entry is handed to the browser's store before the next candidate is painted and leaves it only
 * when the server has acknowledged or refused it, so neither a tunnel nor a closed tab loses a vote; the client-made id makes a vote that
 * is sent twice count once. Entries are sent one by one in order: an undo never overtakes its vote.
 */
export interface Vote {
  readonly kind: 'vote';
  readonly clientId: string;
  readonly workflowId: string;
  readonly candidateId: string;
  readonly assignmentId: string;
  /** The answer's key; null takes the earlier vote back. */
  readonly answer: string | null;
  readonly elapsedMs: number;
  /** The client id of the vote this one replaces. */
  readonly replaces: string | null;
}

export interface Skip {
  readonly kind: 'skip';
  readonly clientId: string;
  readonly assignmentId: string;
}

/** What belongs to a vote: it follows it, and goes where the vote goes. */
export interface Details {
  readonly kind: 'details';
  readonly clientId: string;
  /** The client id of the vote. */
  readonly of: string;
  readonly values: Record<string, unknown>;
}

/** What the server made of a vote. */
export interface Recorded {
  readonly id: string;
  readonly createdAt: string;
}

export type Entry = (Vote | Skip | Details) & {
  readonly order: number;
  /** The id of the volunteer who gave it. */
  readonly owner: string;
  /** The page in which it was given. */
  readonly page: string;
};

export interface OutboxListener {
  /** The number of votes that the server has not acknowledged, and whether the last attempt failed. */
  changed(unsent: number, stuck: boolean): void;
  /** @param entry the server's id and time of the vote */
  accepted(vote: Vote, entry: Recorded): void;
  refused(vote: Vote, reason: string): void;
  /** The server takes who uses this browser for somebody else: votes wait until their owner is back. */
  away(): void;
}

/** Server ids of the last votes, so that an undo can name what it replaces. */
const REMEMBERED = 40;
const MAX_KEEPALIVE = 20;

export class Outbox {
  private entries: Entry[] = [];
  private readonly attempted = new Set<string>();
  private sent: Sent[];
  private failures = 0;
  private running = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly drawer: Drawer,
    private readonly listener: OutboxListener,
  ) {
    this.sent = [...drawer.sent];
    drawer.watch(() => this.report());
  }

  /** Sends what earlier pages of the same volunteer left, each as soon as it is gone. */
  start(): void {
    for (const page of new Set(this.drawer.left.map((entry) => entry.page))) {
      void this.drawer.inherit(page, speaker()).then(({ entries, sent }) => {
        // It may have reached the server: never to be dropped silently.
        entries.forEach((entry) => this.attempted.add(entry.clientId));
        this.entries.unshift(...entries);
        sent.forEach((one) => this.remember(one));
        this.report();
        this.flush();
      });
    }
  }

  get unsent(): number {
    return this.entries.length;
  }

  /** False if votes are only in memory: the store is full or forbidden. */
  get safe(): boolean {
    return this.drawer.safe;
  }

  add(item: Vote | Skip | Details): void {
    const last = this.entries[this.entries.length - 1];
    const entry: Entry = { ...item, owner: speaker(), page: PAGE, order: Math.max(Date.now(), (last?.order ?? 0) + 1) };
    this.entries.push(entry);
    this.drawer.put(entry);
    this.report();
    soon(() => this.flush());
  }

  /** Drops a vote that has not been tried yet. False if it may have reached the server. */
  cancel(clientId: string): boolean {
    const entry = this.entries.find((candidate) => candidate.clientId === clientId);
    if (!entry || this.attempted.has(clientId)) return false;
    const dropped = this.entries.filter((other) => other === entry || (other.kind === 'details' && other.of === clientId));
    this.entries = this.entries.filter((other) => !dropped.includes(other));
    dropped.forEach((other) => this.drawer.cancel(other.clientId));
    this.report();
    return true;
  }

  /** Starts sending, or tries again at once. */
  flush(): void {
    this.wake();
    if (!this.running) void this.run();
  }

  /** On leaving the page: one last try that outlives it. What does not arrive is still in the store. */
  flushOnLeave(): void {
    for (const entry of this.entries.slice(0, MAX_KEEPALIVE)) {
      const body = this.body(entry);
      if (!body) continue;
      this.attempted.add(entry.clientId);
      void fetch(body.url, own({ ...body.init, keepalive: true })).catch(() => undefined);
    }
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      let entry: Entry | undefined;
      while ((entry = this.entries[0])) {
        this.attempted.add(entry.clientId);
        try {
          const recorded = await this.deliver(entry);
          await idle();
          this.failures = 0;
          this.remove(entry, recorded?.id);
          if (entry.kind === 'vote' && recorded) this.listener.accepted(entry, recorded);
        } catch (cause) {
          if (!(cause instanceof Refusal)) throw cause;
          if (cause.passing) {
            const wait = Math.max(backoffMs(this.failures++, Math.random()), (cause.retryAfter ?? 0) * 1000);
            this.report();
            if (cause.status === 401) this.listener.away();
            await Promise.race([pause(wait), new Promise<void>((resolve) => (this.wake = resolve))]);
          } else {
            this.remove(entry);
            if (entry.kind === 'vote') this.listener.refused(entry, cause.message);
          }
        }
      }
    } finally {
      this.running = false;
    }
  }

  /** @return what became of a vote; null for a skip */
  private async deliver(entry: Entry): Promise<Recorded | null> {
    const body = this.body(entry);
    if (!body) throw new Refusal(409, 'the vote it replaces was not counted');
    if (entry.kind === 'vote') return send(body.url, body.init, (response) => response.json() as Promise<Recorded>);
    await send(body.url, body.init, nothing);
    return null;
  }

  private body(entry: Entry): { url: string; init: RequestInit } | null {
    if (entry.kind === 'skip') return { url: `/api/v1/assignments/${entry.assignmentId}/skip`, init: { method: 'POST' } };
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    if (entry.kind === 'details') return { url: `/api/v1/details/${entry.of}`, init: { method: 'PUT', headers, body: JSON.stringify(entry.values) } };
    const { clientId, workflowId, candidateId, assignmentId, answer, elapsedMs, replaces } = entry;
    const supersedes = replaces ? this.sent.find(({ clientId: id }) => id === replaces)?.serverId : undefined;
    if (replaces && !supersedes) return null;
    return {
      url: '/api/v1/classifications',
      init: {
        method: 'POST',
        headers,
        body: JSON.stringify({ clientId, workflowId, candidateId, assignmentId, answer, elapsedMs, ...(supersedes && { supersedes }) }),
      },
    };
  }

  /** @param serverId the server's id, if it is a vote that the server has */
  private remove(entry: Entry, serverId?: string): void {
    this.entries = this.entries.filter((other) => other !== entry);
    const sent = serverId ? { clientId: entry.clientId, serverId, at: Date.now() } : undefined;
    this.drawer.remove(entry.clientId, sent, sent ? this.remember(sent) : []);
    this.report();
  }

  /** @return whose memory made room for it */
  private remember(sent: Sent): string[] {
    this.sent = [...this.sent.filter((other) => other.clientId !== sent.clientId), sent].sort((a, b) => a.at - b.at);
    return this.sent.splice(0, Math.max(0, this.sent.length - REMEMBERED)).map((other) => other.clientId);
  }

  private report(): void {
    this.listener.changed(this.entries.filter((entry) => entry.kind === 'vote').length, this.failures > 0);
  }
}
