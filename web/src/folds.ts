/**
 * What a fold shows may be as old as the page: `<details><div data-fragment="…" data-on-open>`
 * is fetched anew whenever the fold is opened.
 */

import { fetchMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";

const SELECTOR = "[data-fragment][data-on-open]";

/** Watch all folds of the page. */
export function startFolds(): void {
  // The event does not bubble, but it can be caught on its way down.
  document.addEventListener("toggle", (event) => opened(event.target), true);
}

function opened(fold: EventTarget | null): void {
  if (!(fold instanceof HTMLDetailsElement) || !fold.open) return;
  for (const region of fold.querySelectorAll<HTMLElement>(SELECTOR)) void renew(region);
}

async function renew(region: HTMLElement): Promise<void> {
  const fresh = await fetchMarkup(region.dataset.fragment ?? "");
  if (fresh) morphChildren(region, fresh.body);
}
