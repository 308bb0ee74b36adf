import { backoffMs, pause } from './api';
import type { Entry } from './outbox';

/** The server's id of a vote that it has: an undo names by it what it replaces. */
export interface Sent {
  readonly clientId: string;
  readonly serverId: string;
  /** Its place in time: milliseconds since 1970. */
  readonly at: number;
}

/** This page among the open ones. */
export const PAGE = crypto.randomUUID();

const DATABASE = 'skysieve';
const ENTRIES = 'outbox';
const SENT = 'sent';
/** A browser that does not open its store within this time is treated as one that has none. */
const PATIENCE_MS = 3000;
/** So often is a store that failed tried again before the next entry. */
const TRIES = 10;

/**
 * Where unsent votes lie while the page is not there: IndexedDB. A write is begun and committed in the task that calls it,
 * so it is on its way to the browser's process before that task ends and a tab that is closed, hung or killed right after
 * does not take it along. Where a browser forbids the store, or it is full or was taken away, the votes are in memory and
 * {@link safe} says so until the store takes them.
 */
export class Drawer {
  /** What the page has not sent yet. */
  private readonly held = new Map<string, Entry>();
  /** What of it the store does not have. */
  private readonly unstored = new Set<string>();
  /** What of it the store may have. */
  private readonly stored = new Set<string>();
  /** What the store still has although the server has it or has refused it. */
  private readonly undeleted = new Set<string>();
  /** What the store still has although the volunteer took it back. */
  private readonly uncancelled = new Set<string>();
  private mending = false;
  private changed: () => void = () => undefined;

  private constructor(
    private database: IDBDatabase | null,
    /** What the volunteer's other pages have left or are still sending. */
    readonly left: readonly Entry[],
    /** Oldest first. */
    readonly sent: readonly Sent[],
  ) {
    this.attend();
    // Held for as long as the page lives: while it is, nobody else sends what is this page's.
    void live(PAGE, () => Promise.resolve(true));
  }

  /** @param owner the id of the volunteer; another's entries stay until they are back */
  static async open(owner: string): Promise<Drawer> {
    const database = await connect();
    if (!database) return new Drawer(null, [], []);
    try {
      const { entries, sent } = await Promise.race([
        read(database, (entry) => entry.owner === owner),
        pause(PATIENCE_MS).then(() => {
          throw new Error('the store does not answer');
        }),
      ]);
      return new Drawer(database, entries, sent);
    } catch {
      database.close();
      return new Drawer(null, [], []);
    }
  }

  /** @param changed called when {@link safe} may have changed */
  watch(changed: () => void): void {
    this.changed = changed;
  }

  /** False if a vote, or that it was taken back, is only in memory. */
  get safe(): boolean {
    return this.unstored.size + this.uncancelled.size === 0;
  }

  /** Once another page is gone: the entries of a volunteer that it left, now this page's to send, oldest first. */
  inherit(page: string, owner: string): Promise<{ entries: Entry[]; sent: Sent[] }> {
    return new Promise((resolve) => {
      void live(page, async () => {
        for (let tries = 0; tries < TRIES; tries++) {
          const found = this.database && (await read(this.database, (entry) => entry.owner === owner && entry.page === page).catch(() => null));
          if (found) {
            found.entries.forEach((entry) => {
              this.held.set(entry.clientId, entry);
              this.stored.add(entry.clientId);
            });
            resolve(found);
            return true;
          }
          await pause(backoffMs(tries, Math.random()));
        }
        // Another page may have a store that answers.
        return false;
      });
    });
  }

  put(entry: Entry): void {
    const { clientId } = entry;
    this.held.set(clientId, entry);
    if (this.database) this.stored.add(clientId);
    this.write(
      (entries) => entries.put(entry),
      () => {
        // It may have been sent or taken back meanwhile.
        if (this.held.has(clientId)) this.failed(this.unstored, clientId);
      },
    );
  }

  /** Takes out an entry that is done with. @param sent what to remember of it; forgotten: whose memory makes room for that */
  remove(clientId: string, sent: Sent | undefined, forgotten: readonly string[]): void {
    this.take(clientId, this.undeleted, (memory) => {
      if (sent) memory.put(sent);
      forgotten.forEach((id) => memory.delete(id));
    });
  }

  /** Takes out an entry that the volunteer took back. */
  cancel(clientId: string): void {
    this.take(clientId, this.uncancelled, () => undefined);
  }

  private take(clientId: string, otherwise: Set<string>, remember: (memory: IDBObjectStore) => void): void {
    this.held.delete(clientId);
    this.unstored.delete(clientId);
    const stored = this.stored.delete(clientId);
    this.write(
      (entries, memory) => {
        entries.delete(clientId);
        remember(memory);
      },
      () => {
        if (stored) this.failed(otherwise, clientId);
      },
    );
  }

  private write(act: (entries: IDBObjectStore, memory: IDBObjectStore) => void, failed: () => void, done?: () => void): void {
    if (!this.database) {
      failed();
      return;
    }
    try {
      const stores = this.database.transaction([ENTRIES, SENT], 'readwrite');
      stores.addEventListener('abort', failed);
      if (done) stores.addEventListener('complete', done);
      act(stores.objectStore(ENTRIES), stores.objectStore(SENT));
      stores.commit();
    } catch {
      // It closed without a word, as when the browser's process for stores was killed.
      this.lost();
      failed();
    }
  }

  private failed(which: Set<string>, clientId: string): void {
    which.add(clientId);
    this.changed();
    void this.mend();
  }

  private attend(): void {
    const database = this.database;
    database?.addEventListener('versionchange', () => {
      database.close();
      this.lost();
    });
    database?.addEventListener('close', () => this.lost());
  }

  /** The store is gone, perhaps with all that was in it. */
  private lost(): void {
    this.database = null;
    for (const id of this.held.keys()) this.unstored.add(id);
    this.changed();
    void this.mend();
  }

  /** Opens the store again if need be and brings it up to date. */
  private async mend(): Promise<void> {
    if (this.mending) return;
    this.mending = true;
    for (let tries = 0; tries < TRIES && this.unstored.size + this.undeleted.size + this.uncancelled.size > 0; tries++) {
      await pause(backoffMs(tries, Math.random()));
      if (!this.database) {
        this.database = await connect();
        this.attend();
      }
      const missing = [...this.unstored].flatMap((id) => this.held.get(id) ?? []);
      const gone = [...this.undeleted, ...this.uncancelled];
      const mended = await new Promise<boolean>((resolve) =>
        this.write(
          (entries) => {
            missing.forEach((entry) => entries.put(entry));
            gone.forEach((id) => entries.delete(id));
          },
          () => resolve(false),
          () => resolve(true),
        ),
      );
      if (!mended) continue;
      missing.forEach(({ clientId }) => {
        this.unstored.delete(clientId);
        if (this.held.has(clientId)) this.stored.add(clientId);
      });
      gone.forEach((id) => {
        this.undeleted.delete(id);
        this.uncancelled.delete(id);
      });
      this.changed();
    }
    this.mending = false;
  }
}

/** Acts once no other page has the lock of that page, and keeps it from then on if that went well; at once where there are no locks. */
async function live(page: string, act: () => Promise<boolean>): Promise<void> {
  if (!('locks' in navigator)) {
    await act();
    return;
  }
  await navigator.locks.request(`skysieve.outbox.${page}`, async () => {
    if (await act()) await new Promise<void>(() => undefined);
  });
}

async function read(database: IDBDatabase, wanted: (entry: Entry) => boolean): Promise<{ entries: Entry[]; sent: Sent[] }> {
  const stores = database.transaction([ENTRIES, SENT]);
  const [entries, sent] = await Promise.all([
    result(stores.objectStore(ENTRIES).getAll() as IDBRequest<Entry[]>),
    result(stores.objectStore(SENT).getAll() as IDBRequest<Sent[]>),
  ]);
  return { entries: entries.filter(wanted).sort((a, b) => a.order - b.order), sent: sent.sort((a, b) => a.at - b.at) };
}

function connect(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    let late = false;
    setTimeout(() => {
      late = true;
      resolve(null);
    }, PATIENCE_MS);
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(ENTRIES, { keyPath: 'clientId' });
        request.result.createObjectStore(SENT, { keyPath: 'clientId' });
      };
      request.onsuccess = () => (late ? request.result.close() : resolve(request.result));
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the store cannot be read'));
  });
}
