/** Says beside each comment what has become of its passage, and lists those that have none left. */

import { _ } from "../../messages";

export type Whereabouts = "here" | "moved" | "changed" | "gone";

/** Say what has become of the passage of a comment or a requirement. */
export function note(id: string, whereabouts: Whereabouts): void {
  const quote = document.getElementById(id)?.querySelector(".comment-quote");
  const said = quote?.querySelector<HTMLElement>("[data-anchor-state]");
  const words = wordsFor(whereabouts);
  if (!quote || words === (said?.textContent ?? "")) return;
  if (!words) return said?.remove();
  const small = said ?? document.createElement("small");
  small.dataset.anchorState = whereabouts;
  small.textContent = words;
  if (!said) quote.append(" ", small);
}

/** As in web/templates/talk/passage.html. */
function wordsFor(whereabouts: Whereabouts): string {
  switch (whereabouts) {
    case "here":
      return "";
    case "moved":
      return _("Diese Textstelle steht jetzt in einem anderen Abschnitt.");
    case "changed":
      return _("Diese Textstelle wurde geändert.");
    case "gone":
      return _("Diese Textstelle gibt es nicht mehr.");
  }
}

/** Keep the list of comments without a passage to those of this page that are `gone`. */
export function listOrphans(known: ReadonlyMap<string, string>, gone: ReadonlySet<string>): void {
  const box = document.querySelector<HTMLElement>("[data-orphans]");
  const list = box?.querySelector("ul");
  if (!box || !list) return;
  for (const item of list.querySelectorAll<HTMLElement>("[data-orphan]")) {
    const id = item.dataset.orphan ?? "";
    // Of comments that are not on this page only the server knows.
    if (known.has(id) && !gone.has(id)) item.remove();
  }
  for (const id of gone) {
    if (!known.has(id)) continue;
    if (!list.querySelector(`[data-orphan="${CSS.escape(id)}"]`)) {
      list.append(orphan(id, known.get(id) ?? ""));
    }
  }
  box.hidden = list.childElementCount === 0;
}

function orphan(id: string, quote: string): HTMLElement {
  const item = document.createElement("li");
  item.dataset.orphan = id;
  item.id = `orphan-${id}`;
  const words = document.createElement("q");
  words.textContent = quote;
  const link = document.createElement("a");
  link.href = `#${id}`;
  link.textContent = document.getElementById(id)?.getAttribute("aria-label") ?? _("Zum Kommentar");
  item.append(words, " ", link);
  return item;
}
