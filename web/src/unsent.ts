/**
 * What of a person's documents is on this device only: how many changes, and on which page they
 * were made. Noted with every change, so that it is true after a reload or a dead battery too.
 */

import { keys, read, unsentKey, write } from "./person";

export interface Unsent {
  readonly documentId: string;
  readonly n: number;
  /** The address of the page; empty if an older page has noted it. */
  readonly path: string;
}

/** Note that the server lacks `n` changes of the document. */
export function noteUnsent(person: string, documentId: string, n: number): void {
  write(unsentKey(person, documentId), `${n} ${location.pathname}`);
}

/** How many changes of the document the server lacks, as far as is noted. */
export function countUnsent(person: string, documentId: string): number {
  const noted = read(unsentKey(person, documentId));
  return noted === null ? 0 : parsed(documentId, noted).n;
}

/** Every document of the person with changes that the server lacks. */
export function allUnsent(person: string): Unsent[] {
  const prefix = unsentKey(person, "");
  return keys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => parsed(key.slice(prefix.length), read(key) ?? ""));
}

function parsed(documentId: string, noted: string): Unsent {
  const [n, path = ""] = noted.split(" ");
  return { documentId, n: Math.max(1, Number(n) || 1), path: path.startsWith("/") ? path : "" };
}
