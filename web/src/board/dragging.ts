/** Dragging a card with a pointer: a drop asks for the reason, and only the answer moves it. */

import { cardOf, cardsIn, targetsOf } from "./cards";
import { askFor } from "./question";

const REF = "application/x-arena-ref";

/** What is being dragged; the card itself may be renewed meanwhile. */
interface Dragged {
  ref: string;
  question: string;
  targets: readonly string[];
}

export function startDragging(board: HTMLElement): void {
  let dragged: Dragged | null = null;
  arm(board);
  // A renewed board knows nothing of scripts: cards are armed anew.
  new MutationObserver(() => arm(board)).observe(board, {
    subtree: true,
    childList: true,
    attributeFilter: ["data-to", "draggable"],
  });

  board.addEventListener("dragstart", (event) => {
    const card = cardOf(event.target);
    const question = card?.querySelector<HTMLAnchorElement>("a[data-move]")?.href;
    if (!card || !question || !event.dataTransfer) return;
    dragged = { ref: card.dataset.ref ?? "", question, targets: targetsOf(card) };
    event.dataTransfer.setData(REF, dragged.ref);
    event.dataTransfer.effectAllowed = "move";
    mark(board, dragged, null);
  });
  board.addEventListener("dragover", (event) => {
    const column = takerOf(event.target, dragged);
    mark(board, dragged, column);
    if (column) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const column = takerOf(event.target, dragged);
    if (!column || !dragged) return;
    event.preventDefault();
    const url = new URL(dragged.question);
    url.searchParams.set("to", column.dataset.stage ?? "");
    void askFor(url.href);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    mark(board, null, null);
  });
}

function arm(board: HTMLElement): void {
  for (const card of cardsIn(board)) {
    const wanted = targetsOf(card).length > 0;
    if (card.draggable !== wanted) card.draggable = wanted;
  }
}

/** The column below the pointer, if the idea may go there. */
function takerOf(target: EventTarget | null, dragged: Dragged | null): HTMLElement | null {
  const column = target instanceof Element ? target.closest<HTMLElement>(".column") : null;
  return column && dragged?.targets.includes(column.dataset.stage ?? "") ? column : null;
}

function mark(board: HTMLElement, dragged: Dragged | null, over: HTMLElement | null): void {
  for (const column of board.querySelectorAll<HTMLElement>(".column")) {
    column.classList.toggle("may-take", takerOf(column, dragged) !== null);
    column.classList.toggle("is-over", column === over);
  }
  for (const card of cardsIn(board)) {
    card.classList.toggle("is-dragged", card.dataset.ref === dragged?.ref);
  }
}
