/**
 * Text that the server gets after it was settled. The server keeps it beside the text, so that
 * nothing is lost; here the person learns it, and the settled text is shown as it is.
 */

import { _ } from "../../messages";
import { copyName, deleteCopy, markSent } from "../../person";
import { plainText } from "../text/plain";
import { firstFacts, isAllKept, learned } from "./connection";
import { contentOf } from "./copy";
import { Line } from "./line";
import { type Deed, type Notice, showNotice } from "./notice";
import { keepRescue, offerRescue } from "./rescue";

/** After these the copy stays: the person signs in again, or the server comes back. */
const COME_BACK = new Set(["sign-in", "suspended", "forbidden", "try-again"]);

/** What the person reads whose text has come too late; `text` is his, where it is still here. */
export function lateNotice(text: string, isShown: boolean): Notice {
  const settled = isShown
    ? _("Was Sie auf dieser Seite sehen, enthält ihn noch; im festgelegten Text steht er nicht.")
    : _("Im festgelegten Text steht er nicht.");
  const deeds: Deed[] = [{ label: _("Nachträge ansehen"), act: showLate }];
  if (isShown) deeds.push({ label: _("Festgelegten Text zeigen"), act: () => location.reload() });
  return {
    id: "access",
    title: _("Ihr Text kam nach dem Festlegen"),
    text: `${_("Er ist aufgehoben und wird eingefügt, sobald Sie hier wieder schreiben können.")} ${settled}`,
    rescue: text,
    deeds,
  };
}

/**
 * Send what an earlier visit left unsent, apart from the text that is shown; `place` is where the
 * person is told. What the server does not take is offered as a copy.
 */
export async function handOver(
  person: string,
  documentId: string,
  labels: ReadonlyMap<string, string>,
  place: HTMLElement,
): Promise<void> {
  const doc = await contentOf(person, documentId);
  let facts = firstFacts(false);
  const line = new Line(documentId, doc, {
    notice: (notice) => {
      facts = learned(facts, notice);
      if (facts.settled && facts.unsynced === 0) finish();
    },
    verdict: ({ type, reason = "" }) => {
      if (type !== "refused") return;
      if (reason !== "late") return finish(giveBack);
      facts = learned(facts, { type: "late" });
      if (isAllKept(facts)) finish(() => showNotice(place, lateNotice("", false)));
    },
    denied: (reason) => {
      if (COME_BACK.has(reason)) line.hangUp();
      else finish(giveBack);
    },
  });
  let isFinished = false;

  function finish(tell?: () => void): void {
    if (isFinished) return;
    isFinished = true;
    line.hangUp();
    tell?.();
    markSent(person, documentId);
    void deleteCopy(copyName(person, documentId));
  }

  function giveBack(): void {
    keepRescue(person, documentId, plainText(doc, labels));
    offerRescue(person, documentId, place);
  }
}

function showLate(): void {
  const place = document.getElementById("late");
  place?.scrollIntoView();
  place?.querySelector<HTMLElement>("h2")?.focus();
}
