import type { Entry } from './outbox';

/** The server's id of a vote that it has: an undo names by it what it replaces. */
export interface Sent {
  readonly clientId: string;
  readonly serverId: string;
  /** Its place in time: milliseconds since 1970. */
  readonly at: number;
}

const DATABASE = 'skysieve';
const ENTRIES = 'outbox';
const SENT = 'sent';
/** A browser that does not open its store within this time is treated as one that has none. */
const PATIENCE_MS = 3000;

/**
 * Where unsent votes lie while the page is not there: IndexedDB. A write is begun and committed in the task that calls it,
 * so it is on its way to the browser's process before that task ends and a tab that is closed, hung or killed right after
 * does not take it along. Where a browser forbids the store or it is full, the votes are in memory only and {@link safe}
 * says so.
 */
export class Drawer {
  private readonly unstored = new Set<string>();

  private constructor(
    private database: IDBDatabase | null,
    /** What earlier pages left, oldest first. */
    readonly entries: readonly Entry[],
    readonly sent: readonly Sent[],
  ) {
    database?.addEventListener('versionchange', () => database.close());
    // The browser took the store away, because its data was cleared or its disk is broken.
    database?.addEventListener('close', () => (this.database = null));
  }

  /** @param owners whose votes to take out: others' stay until they are back */
  static async open(owners: readonly string[]): Promise<Drawer> {
    const database = await connect();
    if (!database) return new Drawer(null, [], []);
    try {
      const stores = database.transaction([ENTRIES, SENT]);
      const [entries, sent] = await Promise.all([
        result(stores.objectStore(ENTRIES).getAll() as IDBRequest<Entry[]>),
        result(stores.objectStore(SENT).getAll() as IDBRequest<Sent[]>),
      ]);
      const own = entries.filter((entry) => owners.includes(entry.owner));
      return new Drawer(
        database,
        own.sort((a, b) => a.order - b.order),
        sent.sort((a, b) => a.at - b.at),
      );
    } catch {
      database.close();
      return new Drawer(null, [], []);
    }
  }

  /** False if a vote is only in memory. */
  get safe(): boolean {
    return this.unstored.size === 0;
  }

  /** Stores an entry. @param failed called if that was not possible, perhaps before this returns */
  put(entry: Entry, failed: () => void): void {
    this.write(
      [ENTRIES],
      (stores) => stores.objectStore(ENTRIES).put(entry),
      () => {
        this.unstored.add(entry.clientId);
        failed();
      },
    );
  }

  /** Takes an entry out. @param sent what to remember of it; forgotten: whose memory makes room for that */
  remove(clientId: string, sent?: Sent, forgotten?: Sent): void {
    this.unstored.delete(clientId);
    this.write(
      [ENTRIES, SENT],
      (stores) => {
        stores.objectStore(ENTRIES).delete(clientId);
        if (sent) stores.objectStore(SENT).put(sent);
        if (forgotten) stores.objectStore(SENT).delete(forgotten.clientId);
      },
      // It is sent once more by a later page, which its id makes harmless.
      () => undefined,
    );
  }

  private write(names: string[], act: (stores: IDBTransaction) => void, failed: () => void): void {
    if (!this.database) {
      failed();
      return;
    }
    try {
      const stores = this.database.transaction(names, 'readwrite');
      stores.addEventListener('abort', failed);
      act(stores);
      stores.commit();
    } catch {
      failed();
    }
  }
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
