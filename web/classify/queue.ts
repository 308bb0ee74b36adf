import { type Pictures, readPictures } from '../shared/panels';
import { type Orientation, readOrientation } from '../shared/skc1';
import type { Look } from '../shared/stretch';
import { type Assignment, backoffMs, own, pause, postJson, Refusal, send, speaker, speakFor } from './api';
import { idle, soon } from './frame';
import { text } from './texts';

/** A candidate that can be shown in one frame: images drawn, text and light curve parsed. */
export interface Prepared {
  readonly assignment: Assignment;
  readonly pictures: Pictures;
  /** Arcseconds of a pixel; NaN if the survey does not say. */
  readonly pixelArcsec: number;
  /** How the images lie on the sky; null if the survey does not say. */
  readonly lies: Orientation | null;
  /** What the survey calls the object. */
  readonly name: string;
  /** The facts and the light curve, ready to be put in place. */
  readonly glance: HTMLElement;
  /** What a screen reader hears when the candidate is shown. */
  readonly spoken: string;
}

export interface QueueListener {
  /** A candidate became ready. */
  ready(): void;
  /** The server has nothing more for this person now. */
  empty(): void;
  /** Waiting for the network; null once it answers again. */
  trouble(message: string | null): void;
  /** The server takes who uses this browser for somebody else. */
  away(): void;
}

/** What the server sent of a candidate. */
interface Fetched {
  readonly assignment: Assignment;
  readonly blob: ArrayBuffer;
  readonly html: string;
  readonly scale: string | null;
}

interface Leased {
  readonly volunteerId: string;
  readonly assignments: Assignment[];
  readonly note?: keyof typeof NOTES | null;
}

/** Why it is not the showcase that was asked for. */
const NOTES = {
  'showcase-full': 'noteShowcaseFull',
  'showcase-empty': 'noteShowcaseEmpty',
} as const;

/** The header in which a glance tells the arcseconds of a pixel. */
const PIXEL_SCALE = 'Skysieve-Pixel-Scale';
const LEASE_BATCH = 10;
const MAX_LEASES = 20;
/** Fetch more work when fewer candidates than this are ready or under way. */
const LOW_WATER = 6;
const PARALLEL = 4;
/** A candidate lets those that were leased before it come first, but waits no longer than this. */
const ORDER_MS = 500;
const EMPTY_RETRY_MS = 20_000;

/** Keeps a few candidates ready ahead of the volunteer: leased, fetched, decoded and painted. */
export class Queue {
  private readonly ready: Prepared[] = [];
  private readonly pending: Assignment[] = [];
  private readonly seen = new Set<string>();
  private readonly fetched: Fetched[] = [];
  /** Over when the candidate leased last is there or is given up. */
  private last: Promise<unknown> = Promise.resolve();
  private loading = 0;
  private drawing = false;
  private leasing = false;
  private closed = false;
  private exhausted = false;
  private nudge: () => void = () => undefined;

  /** @param answered candidates with a vote still under way: the server may offer them again until it arrives */
  constructor(
    private readonly workflowId: string,
    private readonly feed: string,
    answered: readonly string[],
    private readonly look: () => Look,
    private readonly listener: QueueListener,
  ) {
    answered.forEach((id) => this.seen.add(id));
  }

  start(): void {
    void this.lease();
  }

  /** Draws what is ready in the new look, one candidate at a time, so that no key press has to wait for it. */
  redraw(): void {
    const look = this.look();
    const waiting = [...this.ready];
    const one = (): void => {
      const item = waiting.shift();
      if (!item || this.look() !== look) return;
      item.pictures.forEach((picture) => picture?.image(look));
      soon(one);
    };
    soon(one);
  }

  /** Asks for work again at once, if that waits for its next try. */
  wake(): void {
    this.nudge();
  }

  take(): Prepared | undefined {
    const next = this.ready.shift();
    // The frame of this candidate comes first.
    soon(() => this.refill());
    return next;
  }

  putBack(item: Prepared): void {
    this.ready.unshift(item);
  }

  /** True if nothing is ready or under way and the server had nothing more when it was last asked. */
  get dry(): boolean {
    return this.exhausted && this.held === 0;
  }

  /** Candidates that are ready or under way. */
  private get held(): number {
    return this.ready.length + this.fetched.length + this.pending.length + this.loading;
  }

  /** Gives the leases back, so that others need not wait ten minutes for them. */
  release(current: Assignment | null): void {
    this.closed = true;
    const held = [...(current ? [current] : []), ...[...this.ready, ...this.fetched].map((item) => item.assignment), ...this.pending];
    for (const { id } of held.slice(0, MAX_LEASES)) {
      void fetch(`/api/v1/assignments/${id}`, own({ method: 'DELETE', keepalive: true })).catch(() => undefined);
    }
  }

  private refill(): void {
    if (this.held < LOW_WATER) void this.lease();
    this.prepareMore();
  }

  private async lease(): Promise<void> {
    if (this.leasing || this.closed) return;
    this.leasing = true;
    try {
      let count = Math.min(MAX_LEASES, this.held + 1 + LEASE_BATCH);
      for (let failures = 0, waits = 0; !this.closed; ) {
        try {
          const url = `/api/v1/workflows/${this.workflowId}/assignments`;
          const { volunteerId, assignments, note } = await this.alone(() => postJson<Leased>(url, { count, feed: this.feed }));
          speakFor(volunteerId);
          await this.leisure();
          this.listener.trouble(note ? text(NOTES[note]) : null);
          const fresh = assignments.filter((assignment) => !this.seen.has(assignment.candidateId));
          // What it gives first is what we hold; it cannot know of answers that are still under way.
          const full = assignments.length >= count;
          this.exhausted = fresh.length === 0 && !full;
          fresh.forEach((assignment) => this.seen.add(assignment.candidateId));
          this.pending.push(...fresh);
          this.prepareMore();
          failures = 0;
          if (fresh.length === 0 && full && count < MAX_LEASES) {
            count = MAX_LEASES;
            continue;
          }
          if (this.held > 0) return;
          if (!full) this.listener.empty();
          await this.rest(full ? backoffMs(waits++, Math.random()) : EMPTY_RETRY_MS);
        } catch (cause) {
          if (!(cause instanceof Refusal)) throw cause;
          if (!cause.passing) {
            this.listener.trouble(cause.message);
            return;
          }
          if (cause.status === 401) this.listener.away();
          else this.listener.trouble(text('noConnection'));
          // What the server asks for is waited for, whatever else happens.
          if (cause.retryAfter !== null) await pause(cause.retryAfter * 1000);
          else await this.rest(backoffMs(failures++, Math.random()));
        }
      }
    } finally {
      this.leasing = false;
    }
  }

  private async rest(ms: number): Promise<void> {
    await Promise.race([pause(ms), new Promise<void>((resolve) => (this.nudge = resolve))]);
  }

  /** Two tabs of somebody new are to become one guest: the second asks once the first has its cookie. */
  private async alone<T>(ask: () => Promise<T>): Promise<T> {
    if (speaker() || !('locks' in navigator)) return ask();
    return await navigator.locks.request('skysieve.newcomer', ask);
  }

  private prepareMore(): void {
    if (this.loading >= PARALLEL) return;
    const assignment = this.pending.shift();
    if (!assignment) return;
    this.loading++;
    const before = this.last;
    this.last = this.load(assignment)
      .then(async (fetched) => {
        if (!fetched) return;
        await Promise.race([before, pause(ORDER_MS)]);
        this.fetched.push(fetched);
      })
      .finally(() => {
        this.loading--;
        this.refill();
        void this.draw();
      });
    void this.leisure().then(() => this.prepareMore());
  }

  /** With candidates in hand nothing is urgent: each piece of work waits until no key and no frame does. */
  private async leisure(): Promise<void> {
    if (this.ready.length > 0) await idle();
  }

  /** Makes what was fetched ready, one after the other. */
  private async draw(): Promise<void> {
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.fetched.length > 0) {
        const item = await this.prepare(this.fetched[0] as Fetched);
        this.fetched.shift();
        if (!item) continue;
        this.ready.push(item);
        this.listener.ready();
      }
    } finally {
      this.drawing = false;
    }
    this.refill();
  }

  /** Null if the candidate cannot be shown; its lease runs out by itself. */
  private async prepare(fetched: Fetched): Promise<Prepared | null> {
    try {
      await this.leisure();
      const item = read(fetched);
      for (const picture of item.pictures) {
        await this.leisure();
        picture?.image(this.look());
      }
      return item;
    } catch (cause) {
      console.warn('candidate cannot be shown', fetched.assignment.candidateId, cause);
      return null;
    }
  }

  /** Null if the candidate is not to be had. */
  private async load(assignment: Assignment): Promise<Fetched | null> {
    for (let failures = 0; failures < 6 && !this.closed; ) {
      try {
        const id = assignment.candidateId;
        const [blob, [html, scale]] = await Promise.all([
          send(`/api/v1/candidates/${id}/cutouts`, {}, (response) => response.arrayBuffer()),
          send(`/candidates/${id}/glance`, {}, async (response) => [await response.text(), response.headers.get(PIXEL_SCALE)] as const),
        ]);
        if (failures > 0) this.listener.trouble(null);
        return { assignment, blob, html, scale };
      } catch (cause) {
        if (!(cause instanceof Refusal) || !cause.passing) {
          console.warn('candidate is not to be had', assignment.candidateId, cause);
          return null;
        }
        this.listener.trouble(text('noConnection'));
        await pause(backoffMs(failures++, Math.random()));
      }
    }
    return null;
  }
}

function read({ assignment, blob, html, scale }: Fetched): Prepared {
  const glance = document.createElement('div');
  glance.className = 'glance';
  glance.innerHTML = html;
  const spoken = glance.querySelector<HTMLElement>('[data-spoken]')?.dataset['spoken'] ?? '';
  const name = glance.querySelector('strong')?.textContent ?? '';
  const pixelArcsec = Number(scale) > 0 ? Number(scale) : NaN;
  return { assignment, pictures: readPictures(blob), pixelArcsec, lies: readOrientation(blob), name, glance, spoken };
}
