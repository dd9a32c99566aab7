/** Which cards are chosen: kept when the board changes, and counted beside the form. */

import { ngettext } from "../messages";
import { cardOf, cardsIn } from "./cards";

const CHOSEN_MAX = 50;

export function startSelection(board: HTMLElement): void {
  const chosen = new Set<string>();
  const count = document.getElementById("many-count");
  const fold = document.getElementById("many");

  board.addEventListener("change", (event) => {
    const box = event.target;
    const ref = cardOf(box)?.dataset.ref;
    if (!(box instanceof HTMLInputElement) || !ref) return;
    if (!box.checked) chosen.delete(ref);
    else if (chosen.size < CHOSEN_MAX) chosen.add(ref);
    restore();
    show();
  });
  // A card that comes to another column is a new element.
  new MutationObserver(restore).observe(board, {
    subtree: true,
    childList: true,
    attributeFilter: ["checked"],
  });

  /** A choice counts as what the page says: else a card that moves would be kept for its sake. */
  function restore(): void {
    for (const card of cardsIn(board)) {
      const box = card.querySelector<HTMLInputElement>(".pick input");
      const wanted = chosen.has(card.dataset.ref ?? "");
      if (!box || (box.checked === wanted && box.defaultChecked === wanted)) continue;
      box.checked = wanted;
      box.defaultChecked = wanted;
    }
  }

  function show(): void {
    if (chosen.size > 0) fold?.setAttribute("open", "");
    const n = chosen.size;
    if (count)
      count.textContent = n ? ngettext("%(n)s Karte gewählt", "%(n)s Karten gewählt", n) : "";
  }
}
