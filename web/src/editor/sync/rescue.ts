/** A person's text that the server did not take: kept until the person has dealt with it. */

import { _ } from "../../messages";
import { read, remove, rescueKey, write } from "../../person";
import { hideNotice, showNotice } from "./notice";

const ID = "rescue";

/** Keep `text` over a reload. */
export function keepRescue(person: string | null, documentId: string, text: string): void {
  if (!text) return;
  const key = rescueKey(person, documentId);
  const before = read(key);
  write(key, before && before !== text ? `${before}\n\n\n${text}` : text);
}

/** Offer what was kept, above `place`, until it is discarded. */
export function offerRescue(person: string | null, documentId: string, place: HTMLElement): void {
  const key = rescueKey(person, documentId);
  const rescue = read(key);
  if (!rescue) return;
  showNotice(place, {
    id: ID,
    title: _("Ihr nicht gespeicherter Text"),
    text: _("Dieser Text wurde nicht in die Idee übernommen. Kopieren Sie, was Sie noch brauchen."),
    rescue,
    deeds: [
      {
        label: _("Verwerfen"),
        act: () => {
          remove(key);
          hideNotice(ID);
        },
      },
    ],
  });
}
