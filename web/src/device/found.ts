/** What lies on this device that the server lacks, of one person: texts, drafts, rescued words. */

import type * as Y from "yjs";
import { waitingIn } from "../boards/outbox";
import { contentOf } from "../editor/sync/copy";
import { rootText } from "../editor/text/plain";
import { _ } from "../messages";
import { keys, outboxKey, read } from "../person";
import { allUnsent } from "../unsent";

export interface Found {
  /** The page to open for it; empty if nobody knows. */
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** Changes of a document that wait to be sent; 0 for what only the person can send. */
  readonly n: number;
  readonly documentId: string;
  /** The workshop whose silent notes these are, else nothing. */
  readonly workshop?: string;
}

const DRAFT = "arena:draft:";
const RESCUE = "arena:rescue:";
const OFFICIAL = "arena:official:";
const WHOSE = /^arena:(?:draft|rescue|official|unsent):([^:]*):/;
const DOCUMENTS_MAX = 50;

/** Everything of the person that is on this device only. */
export async function allFound(person: string | null): Promise<Found[]> {
  const texts = person ? [...(await documents(person)), ...silentNotes(person)] : [];
  return [...texts, ...drafts(person ?? ""), ...rescued(person ?? ""), ...acts(person ?? "")];
}

/** For how many others something lies here that the server lacks; nobody is named. */
export function countOthers(person: string | null): number {
  const whose = keys().flatMap((key) => WHOSE.exec(key)?.[1] ?? []);
  return new Set(whose.filter((each) => each !== (person ?? ""))).size;
}

/** The plain text of all roots of a document, whatever they are. */
export function wholeText(doc: Y.Doc): { title: string; text: string } {
  const roots = [...doc.share.keys()].filter((root) => root !== "title");
  const title = doc.share.has("title") ? rootText(doc.getXmlFragment("title")) : "";
  const texts = roots.map((root) => rootText(doc.getXmlFragment(root))).filter(Boolean);
  return { title, text: [title, ...texts].filter(Boolean).join("\n\n") };
}

async function documents(person: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const { documentId, n, path } of allUnsent(person).slice(0, DOCUMENTS_MAX)) {
    const { title, text } = wholeText(await contentOf(person, documentId));
    found.push({ path, title: title || path, text, n, documentId });
  }
  return found;
}

function silentNotes(person: string): Found[] {
  return startingWith(outboxKey(person, "")).flatMap(({ rest, text: kept }) => {
    const notes = waitingIn(kept);
    if (notes.length === 0) return [];
    const text = notes.map((note) => note.text).join("\n\n");
    const place = { path: `/w/${rest}/board`, title: _("Verdeckte Zettel"), workshop: rest };
    return [{ ...place, text, n: notes.length, documentId: "" }];
  });
}

/** `arena:draft:ana:/ideas/2026-00001:comment:text` */
function drafts(person: string): Found[] {
  return startingWith(`${DRAFT}${person}:`).flatMap(({ rest, text }) => {
    const path = rest.split(":")[0] ?? "";
    // Silent notes lie among them under a name of their own, and are found as such.
    return path === "notes" ? [] : { path, title: path, text, n: 0, documentId: "" };
  });
}

function rescued(person: string): Found[] {
  return startingWith(`${RESCUE}${person}:`).map(({ text }) => {
    return { path: "", title: text.slice(0, 60), text, n: 0, documentId: "" };
  });
}

function acts(person: string): Found[] {
  return startingWith(`${OFFICIAL}${person}:`).flatMap(({ text }) => {
    try {
      const act = JSON.parse(text) as { title?: string; ref?: string; said?: [string, string][] };
      const said = (act.said ?? []).map(([name, value]) => `${name}: ${value}`).join("\n");
      const path = act.ref ? `/ideas/${act.ref}` : "";
      return [{ path, title: act.title ?? "", text: said, n: 0, documentId: "" }];
    } catch {
      return [];
    }
  });
}

function startingWith(prefix: string): { rest: string; text: string }[] {
  return keys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ rest: key.slice(prefix.length), text: read(key) ?? "" }))
    .filter(({ text }) => text !== "");
}
