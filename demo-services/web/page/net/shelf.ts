// What must outlive the page: recordings and pictures until the front door has them. IndexedDB holds them as they are.

/** A recording or picture of this browser. */
export interface Kept {
  /** Also the idempotency key under which it goes out. */
  readonly key: string;
  /** Several people may use one browser. */
  readonly user: string;
  readonly thread: string;
  readonly kind: 'audio' | 'image';
  readonly createdAt: string;
  readonly blob: Blob;
  readonly contentType: string;
  /** How loud a recording is, 0 to 255. */
  readonly levels?: readonly number[];
  readonly seconds?: number;
  readonly replaces?: string;
  /** Whether its author has sent it off; else it waits beside the composer. */
  readonly sent: boolean;
  /** Where its bytes are already: a message must name the same upload at every attempt. */
  readonly upload?: string;
}

const NAME = 'voice-chat';
const STORE = 'kept';
/** Hears a key whenever another tab has put something under it, or has taken it away. */
const tabs = new BroadcastChannel(NAME);
let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function work<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' });
    const request = ask(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function keep(item: Kept): Promise<void> {
  await work('readwrite', store => store.put(item));
  tabs.postMessage(item.key);
}

export async function drop(key: string): Promise<void> {
  await work('readwrite', store => store.delete(key));
  tabs.postMessage(key);
}

/** Everything of one person, oldest first. */
export async function keptOf(user: string): Promise<readonly Kept[]> {
  const all = await work<Kept[]>('readonly', store => store.getAll());
  return all.filter(item => isOf(user, item)).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

export async function keptUnder(key: string, user: string): Promise<Kept | undefined> {
  const item = await work<Kept | undefined>('readonly', store => store.get(key));
  return item && isOf(user, item) ? item : undefined;
}

/** How much is kept here, whoever it belongs to. */
export function countKept(): Promise<number> {
  return work('readonly', store => store.count());
}

function isOf(user: string, item: Kept): boolean {
  return item.user === user && item.blob.size > 0;
}

/** Several tabs share the shelf: the one that records, sends or throws away what is kept under a key holds it meanwhile. */
export async function holding<T>(key: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(lockOf(key), work);
}

/** Once no other tab holds it. */
export async function whenFree(key: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(lockOf(key), { mode: 'shared' }, work);
}

export function onChanged(listener: (key: string) => void): void {
  tabs.addEventListener('message', ({ data }: MessageEvent<string>) => listener(data));
}

function lockOf(key: string): string {
  return `${NAME} ${key}`;
}
