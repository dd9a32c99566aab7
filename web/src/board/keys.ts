/** Keys of the board: arrows go from card to card, V moves one, the space bar chooses it. */

import { cardOf, cardsIn, columnOf, titleOf } from "./cards";
import { askFor } from "./question";

export function startKeys(board: HTMLElement): void {
  board.addEventListener("keydown", (event) => {
    const card = cardOf(event.target);
    const isTitle = card && event.target === titleOf(card);
    if (!isTitle || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (act(board, card, event.key)) event.preventDefault();
  });
}

function act(board: HTMLElement, card: HTMLElement, key: string): boolean {
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      return go(within(board, card, key === "ArrowDown" ? 1 : -1));
    case "ArrowRight":
    case "ArrowLeft":
      return go(beside(board, card, key === "ArrowRight" ? 1 : -1));
    case "Home":
    case "End":
      return go(neighbours(card).at(key === "Home" ? 0 : -1));
    case " ":
      card.querySelector<HTMLInputElement>(".pick input")?.click();
      return true;
    case "v":
    case "V": {
      const move = card.querySelector<HTMLAnchorElement>("a[data-move]");
      if (move) void askFor(move.href);
      return true;
    }
    default:
      return false;
  }
}

function go(card: HTMLElement | undefined): boolean {
  titleOf(card)?.focus();
  return true;
}

function within(board: HTMLElement, card: HTMLElement, step: number): HTMLElement | undefined {
  const list = board.querySelector(".is-list") ? cardsIn(board) : neighbours(card);
  return list[list.indexOf(card) + step];
}

/** The card at the same height in the next column that has any. */
function beside(board: HTMLElement, card: HTMLElement, step: number): HTMLElement | undefined {
  const columns = [...board.querySelectorAll<HTMLElement>(".column")];
  const row = neighbours(card).indexOf(card);
  const here = columns.indexOf(columnOf(card) as HTMLElement);
  for (let at = here + step; at >= 0 && at < columns.length; at += step) {
    const cards = cardsIn(columns[at] as HTMLElement);
    if (cards.length > 0) return cards[Math.min(row, cards.length - 1)];
  }
  return undefined;
}

function neighbours(card: HTMLElement): HTMLElement[] {
  const column = columnOf(card);
  return column ? cardsIn(column) : [];
}
