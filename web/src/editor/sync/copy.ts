/** The copy of a document in this browser: what is typed offline survives a reload. */

import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { copyName, copyNames, deleteCopy, isUnsent, markSent, stemOf } from "../../person";

const OPEN_MS_MAX = 3_000;

/**
 * Load this person's copy into `doc` and keep it from now on; null where the browser keeps
 * nothing (a private window, a full disk).
 */
export async function openCopy(
  person: string,
  documentId: string,
  doc: Y.Doc,
): Promise<IndexeddbPersistence | null> {
  if (!(await canStore())) return null;
  const copy = new IndexeddbPersistence(copyName(person, documentId), doc);
  const isOpen = await within(OPEN_MS_MAX, copy.whenSynced);
  if (isOpen) return copy;
  void copy.destroy().catch(() => undefined);
  return null;
}

/**
 * Take the text out of copies of the same document that no longer fit it (another epoch or
 * schema), and delete them. Returns the documents that hold what was never sent.
 */
export async function takeOldCopies(person: string, documentId: string): Promise<Y.Doc[]> {
  const stem = copyName(person, stemOf(documentId));
  const current = copyName(person, documentId);
  const old = (await copyNames()).filter((name) => name.startsWith(`${stem}.`) && name !== current);
  const unsent: Y.Doc[] = [];
  for (const name of old) {
    const oldId = name.slice(copyName(person, "").length);
    if (isUnsent(person, oldId)) unsent.push(await contentOf(person, oldId));
    await deleteCopy(name);
    markSent(person, oldId);
  }
  return unsent;
}

/** Let go of the person's copy, and of the note that the server lacks something of it. */
export async function dropCopy(
  person: string,
  documentId: string,
  copy: IndexeddbPersistence | null,
): Promise<void> {
  await copy?.destroy();
  await deleteCopy(copyName(person, documentId));
  markSent(person, documentId);
}

/** The content of a copy, apart from any editor. */
export async function contentOf(person: string, documentId: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const copy = await openCopy(person, documentId, doc);
  await copy?.destroy();
  return doc;
}

async function canStore(): Promise<boolean> {
  const probe = "arena-probe";
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(probe);
      request.onerror = request.onblocked = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase(probe);
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}

async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, ms, false));
  return Promise.race([promise.then(() => true), late]).catch(() => false);
}
