/** Nothing live moves what a person reads: what stands on the screen stays where it stands. */

/** Run `change` on `region`; if the browser has no scroll anchoring, undo the jump by scrolling. */
export function keepReadingPosition(region: HTMLElement, change: () => void): void {
  if (CSS.supports("overflow-anchor", "auto")) return change();
  const mark = firstVisible(region);
  const before = mark?.getBoundingClientRect().top ?? 0;
  change();
  if (mark?.isConnected) scrollBy(0, mark.getBoundingClientRect().top - before);
}

/** The element read now: the first below the region in view, or inside it if it fills the view. */
function firstVisible(region: HTMLElement): Element | null {
  if (region.getBoundingClientRect().top >= 0) return null;
  const inside = [...region.querySelectorAll("[data-key], [id]")];
  return [...inside, region.nextElementSibling].find(isInView) ?? null;
}

function isInView(element: Element | null): boolean {
  return element !== null && element.getBoundingClientRect().top >= 0;
}
