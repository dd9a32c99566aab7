/** Nothing live moves what a person reads: what stands on the screen stays where it stands. */

/**
 * Run `change` on `region` and undo the jump by scrolling. Browsers do so by themselves, but not
 * always; who has scrolled is left alone by them.
 */
export function keepReadingPosition(region: HTMLElement, change: () => void): void {
  const mark = firstVisible(region);
  const before = mark?.getBoundingClientRect().top ?? 0;
  change();
  const moved = mark?.isConnected ? mark.getBoundingClientRect().top - before : 0;
  if (moved !== 0) scrollBy({ top: moved, behavior: "instant" });
}

/** The element read now: inside the region if it is in view, or else what follows it. */
function firstVisible(region: HTMLElement): Element | null {
  if (region.getBoundingClientRect().top >= 0) return null;
  const inside = [...region.querySelectorAll("[data-key], [id]")];
  return inside.find(isInView) ?? following(region);
}

/** What is hidden is nowhere, and would not show that the others have moved. */
function isInView(element: Element): boolean {
  return element.getClientRects().length > 0 && element.getBoundingClientRect().top >= 0;
}

function following(region: Element): Element | null {
  for (let around: Element | null = region; around; around = around.parentElement) {
    let next = around.nextElementSibling;
    // What is still to be seen of it moves as its beginning does.
    while (next && next.getBoundingClientRect().bottom <= 0) next = next.nextElementSibling;
    if (next) return next;
  }
  return null;
}
