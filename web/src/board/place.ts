/**
 * Where the reader is on the board: told to the others, and kept when a card moves under him.
 *
 * A card that somebody moves leaves its column; the focus goes with it, the window stays.
 */

import { tell } from "../live";
import { cardOf, cardWith, titleOf } from "./cards";

export function keepPlace(board: HTMLElement): void {
  let at: string | null = null;
  const look = (ref: string | null) => {
    if (ref === at) return;
    at = ref;
    tell({ looking: ref });
  };
  let focused: { ref: string; href: string | null } | null = null;
  board.addEventListener("focusin", (event) => {
    const card = cardOf(event.target);
    const ref = card?.dataset.ref ?? null;
    const href =
      event.target instanceof HTMLAnchorElement ? event.target.getAttribute("href") : null;
    focused = ref ? { ref, href } : null;
    look(ref);
  });
  board.addEventListener("focusout", (event) => {
    // Without a new place the element was removed, or the window left; then nothing is known.
    if (event.relatedTarget && !board.contains(event.relatedTarget as Node)) {
      focused = null;
      look(null);
    }
  });
  new MutationObserver(() => {
    if (!focused || document.activeElement !== document.body) return;
    titleOf(cardWith(board, focused.ref))?.focus({ preventScroll: true });
  }).observe(board, { subtree: true, childList: true });
}
