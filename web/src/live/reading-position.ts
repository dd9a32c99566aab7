/** Nothing live moves what a person reads: what stands on the screen stays where it stands. */

/**
 * Run `change` on `region` and undo the jump by scrolling. Browsers do so by themselves, but not
 * always; who has scrolled is left alone by them.
 */
export function keepReadingPosition(region: HTMLElement, change: () => void): void {
  const mark = topOf(region) < 0 ? firstVisible(region) : null;
  const before = mark ? topOf(mark) : 0;
  change();
  if (mark?.isConnected) scrollBy({ behavior: "instant", top: topOf(mark) - before });
}

/** The element read now: inside the region if it is in view, or else what follows it. */
function firstVisible(region: Element): Element | null {
  for (const each of region.querySelectorAll("[id]")) {
    // What is hidden is nowhere, and would not show that the others have moved.
    if (topOf(each) >= 0 && each.checkVisibility()) return each;
  }
  let node: Element | null = region;
  // Whatever follows moves alike; what contains the region does not.
  while (node?.contains(region)) {
    node = node.nextElementSibling ?? node.parentElement;
  }
  return node;
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
