/**
 * Nothing that others write moves what a person types or reads: the line of the caret stays where
 * it is in the window, or what is in the middle of the window where the caret is not to be seen.
 *
 * Browsers hold on to the top of the window, and not always; what they have put right already is
 * left alone.
 */

import type { EditorView } from "prosemirror-view";

/** Windows scroll by whole pixels only; what is left of many small steps adds up. */
let owed_px = 0;

/** Let others change the text of a section. */
export function keepStanding(view: EditorView, change: () => void): void {
  const top = standing(view);
  const before = top();
  change();
  const after = top();
  if (before === null || after === null) return;
  const [wanted, from] = [after - before + owed_px, scrollY];
  if (wanted !== 0) scrollBy({ top: wanted, behavior: "instant" });
  owed_px = wanted - (scrollY - from);
  // The page has no more to scroll.
  if (Math.abs(owed_px) >= 1) owed_px = 0;
}

/** Where in the window that stands which is to stay; null once it is no longer there. */
function standing(view: EditorView): () => number | null {
  const caret = () => view.coordsAtPos(view.state.selection.head).top;
  if (view.hasFocus() && isSeen(caret())) return caret;
  const written = document.activeElement?.matches("[data-section]") && blockOfCaret();
  const read = written || readIn(innerHeight / 2);
  return () => (read?.isConnected ? read.getBoundingClientRect().top : null);
}

/** The words around the caret, if it is to be seen. */
function blockOfCaret(): Element | null {
  const block = document.getSelection()?.focusNode?.parentElement ?? null;
  return block && isSeen(block.getBoundingClientRect().top) ? block : null;
}

/** What is at this height; between two blocks of a text the one below. */
function readIn(height: number): Element | null {
  const found = document.elementFromPoint(innerWidth / 2, height);
  if (!found?.matches("[data-section]")) return found;
  const isBelow = (block: Element) => block.getBoundingClientRect().top >= height;
  return [...found.children].find(isBelow) ?? found;
}

function isSeen(top: number): boolean {
  return top >= 0 && top < innerHeight;
}
