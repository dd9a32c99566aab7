/**
 * What this browser keeps for a person, and how it forgets it: drafts, copies of documents,
 * flags for what is not sent yet. Names of keys are here so that signing out clears all of them.
 */

const UNSENT = "arena:unsent";
const DRAFT = "arena:draft";
const RESCUE = "arena:rescue";
const OFFICIAL = "arena:official";
const LEFT = "arena:left";

/** What this browser keeps of a person besides copies of documents. */
const KEPT = [UNSENT, DRAFT, RESCUE, OFFICIAL];

/** The handle of the signed-in person; null for a guest. */
export function handle(): string | null {
  return document.querySelector<HTMLElement>("[data-person]")?.dataset.person || null;
}

export function copyName(person: string, documentId: string): string {
  return `arena:${person}:${documentId}`;
}

export function draftKey(person: string | null, field: string): string {
  return `${DRAFT}:${person ?? ""}:${location.pathname}:${field}`;
}

/** An official act that could not be sent. */
export function officialKey(person: string, id: string): string {
  return `${OFFICIAL}:${person}:${id}`;
}

/** Notes of a workshop that the server has not answered yet. */
export function outboxKey(person: string, code: string): string {
  return `${DRAFT}:${person}:notes:${code}`;
}

/** Text of a document that the server refused; by document whatever its epoch. */
export function rescueKey(person: string | null, documentId: string): string {
  return `${RESCUE}:${person ?? ""}:${stemOf(documentId)}`;
}

/** The document's own id in its wire id, which also carries epoch and schema number. */
export function stemOf(documentId: string): string {
  return documentId.split(".")[0] ?? documentId;
}

/** Where it is noted that the server lacks changes of the document (unsent.ts). */
export function unsentKey(person: string, documentId: string): string {
  return `${UNSENT}:${person}:${documentId}`;
}

/** The server has everything of the document. */
export function markSent(person: string, documentId: string): void {
  remove(unsentKey(person, documentId));
}

export function isUnsent(person: string, documentId: string): boolean {
  return read(unsentKey(person, documentId)) !== null;
}

/** Does this browser hold anything, of anybody, that has not reached the server? */
export function hasUnsent(): boolean {
  return keys().some((key) => KEPT.some((prefix) => key.startsWith(`${prefix}:`)));
}

/** Remove everything that this browser keeps for the person, and tell other tabs. */
export async function forget(person: string): Promise<void> {
  for (const prefix of KEPT) {
    for (const key of keys()) if (key.startsWith(`${prefix}:${person}:`)) remove(key);
  }
  write(LEFT, person);
  remove(LEFT);
  const names = await copyNames();
  await Promise.all(names.filter((name) => name.startsWith(`arena:${person}:`)).map(deleteCopy));
}

/** Call `act` when the person signs out in another tab. */
export function onLeft(person: string, act: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === LEFT && event.newValue === person) act();
  });
}

/** The names of all document copies in this browser; empty where it does not tell. */
export async function copyNames(): Promise<string[]> {
  try {
    const found = await indexedDB.databases();
    return found.flatMap(({ name }) => (name?.startsWith("arena:") ? [name] : []));
  } catch {
    return [];
  }
}

export function deleteCopy(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** `localStorage`, which may be full, forbidden or absent. */
export function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function write(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

export function remove(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing is kept where nothing can be kept.
  }
}

/** The names of everything in `localStorage`. */
export function keys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}
