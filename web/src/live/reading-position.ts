/** Nothing live moves what a person reads: what stands on the screen stays where it stands. */

/**
 * Run `change` on `region` and undo the jump by scrolling. Browsers do so by themselves, but not
 * always; what they have put right already is left alone.
 */
export function keepReadingPosition(region: HTMLElement, change: () => void): void {
  const isAbove = topOf(region) < 0;
  // What is in the middle of the window is read.
  const mark = isAbove && document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  const before = topOf(mark || region);
  change();
  if (mark && mark.isConnected) scrollBy({ top: topOf(mark) - before, behavior: "instant" });
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
