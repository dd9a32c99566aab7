/** Sends what an earlier visit left unsent, without opening the page it was written on. */

import { Outbox, postNote, type Waiting } from "../boards/outbox";
import { firstFacts, isAllKept, learned } from "../editor/sync/connection";
import { contentOf } from "../editor/sync/copy";
import { Line } from "../editor/sync/line";
import { markSent } from "../person";

export const SEND_MS_MAX = 10_000;

/** Hand the document's changes to the server; true once it has said that it has them all. */
export async function send(person: string, documentId: string): Promise<boolean> {
  const doc = await contentOf(person, documentId);
  const isSent = await handedOver(documentId, doc);
  doc.destroy();
  if (isSent) markSent(person, documentId);
  return isSent;
}

/** Hand over the silent notes of a workshop; what the server will not have stays here, and is told. */
export async function sendNotes(person: string, workshop: string): Promise<void> {
  const post = async (note: Waiting) => {
    return (await postNote(workshop, note)) === "taken" ? "taken" : "unknown";
  };
  await new Outbox(person, workshop, post, () => undefined).send();
}

function handedOver(documentId: string, doc: Parameters<typeof lineOf>[1]): Promise<boolean> {
  return new Promise((resolve) => {
    const line = lineOf(documentId, doc, finish);
    const timer = setTimeout(finish, SEND_MS_MAX, false);

    function finish(isSent: boolean): void {
      clearTimeout(timer);
      line.hangUp();
      resolve(isSent);
    }
  });
}

function lineOf(
  documentId: string,
  doc: Awaited<ReturnType<typeof contentOf>>,
  finish: (isSent: boolean) => void,
): Line {
  let facts = firstFacts(false);
  return new Line(documentId, doc, {
    notice: (notice) => {
      facts = learned(facts, notice);
      if (facts.settled && facts.unsynced === 0) finish(true);
    },
    verdict: ({ type, reason = "" }) => {
      if (type !== "refused") return;
      if (reason !== "late") return finish(false);
      // Too late for the text, but the server keeps it beside it: it is not lost.
      facts = learned(facts, { type: "late" });
      if (isAllKept(facts)) finish(true);
    },
    denied: () => finish(false),
  });
}
