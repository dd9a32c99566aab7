/** The cards of the board as scripts see them. */

const CARD = ".board-card";

export function cardOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(CARD) : null;
}

export function cardsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(CARD)];
}

export function cardWith(board: HTMLElement, ref: string): HTMLElement | null {
  return cardsIn(board).find((card) => card.dataset.ref === ref) ?? null;
}

export function titleOf(card: HTMLElement | null | undefined): HTMLElement | null {
  return card?.querySelector<HTMLElement>("h3 a") ?? null;
}

export function columnOf(card: HTMLElement): HTMLElement | null {
  return card.closest<HTMLElement>(".column");
}

/** The stages to which the reader's roles could move this idea. */
export function targetsOf(card: HTMLElement): string[] {
  return (card.dataset.to ?? "").split(" ").filter(Boolean);
}
