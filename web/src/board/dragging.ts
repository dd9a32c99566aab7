/** Dragging a card with a pointer: a drop asks for the reason, and only the answer moves it. */

import { cardOf, cardsIn, columnOf, targetsOf } from "./cards";
import { askFor } from "./question";

const REF = "application/x-arena-ref";

export function startDragging(board: HTMLElement): void {
  arm(board);
  // Cards that come later, or may be moved later, are armed when they come.
  const options = { subtree: true, childList: true, attributeFilter: ["data-to"] };
  new MutationObserver(() => arm(board)).observe(board, options);
  let dragged: HTMLElement | null = null;

  board.addEventListener("dragstart", (event) => {
    dragged = cardOf(event.target);
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.setData(REF, dragged.dataset.ref ?? "");
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
    const targets = targetsOf(dragged);
    for (const column of columnsOf(board)) {
      column.classList.toggle("may-take", targets.includes(column.dataset.stage ?? ""));
    }
  });
  board.addEventListener("dragover", (event) => {
    const column = takerOf(event.target);
    mark(board, column);
    if (column) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const column = takerOf(event.target);
    const move = dragged?.querySelector<HTMLAnchorElement>("a[data-move]");
    if (!column || !move) return;
    event.preventDefault();
    const url = new URL(move.href);
    url.searchParams.set("to", column.dataset.stage ?? "");
    void askFor(url.href);
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    for (const column of columnsOf(board)) column.classList.remove("may-take", "is-over");
  });
}

function arm(board: HTMLElement): void {
  for (const card of cardsIn(board)) {
    const wanted = targetsOf(card).length > 0 && columnOf(card) !== null;
    if (card.draggable !== wanted) card.draggable = wanted;
  }
}

function takerOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".column.may-take") : null;
}

function mark(board: HTMLElement, over: HTMLElement | null): void {
  for (const column of columnsOf(board)) column.classList.toggle("is-over", column === over);
}

function columnsOf(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>(".column")];
}
