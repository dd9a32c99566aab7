/** Nothing live moves what a person reads: what stands on the screen stays where it stands. */

/**
 * Run `change` on `region` and undo the jump by scrolling. Browsers do so by themselves, but not
 * always; what they have put right already is left alone.
 */
export function keepReadingPosition(region: HTMLElement, change: () => void): void {
  // What is in the middle of the window is read.
  const read = topOf(region) < 0 && document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  const mark = read || region;
  const before = topOf(mark);
  change();
  if (mark.isConnected) scrollBy({ top: topOf(mark) - before, behavior: "instant" });
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
