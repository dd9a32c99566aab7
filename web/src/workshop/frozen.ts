/**
 * Hands down, and being in no longer: editors on the pages of an evening become read-only.
 *
 * A page shows the step in a live region (`workshop/step.html`); there `data-frozen` says whether
 * hands rest. This module watches it, keeps `<html data-frozen>` and tells every script of the
 * page, whichever file it is built into.
 */

import { say } from "../status";

const EVENT = "arena:frozen";

/** Do all hands rest now? */
export function isFrozen(): boolean {
  return document.documentElement.dataset.frozen === "true";
}

/** Call `act` now and whenever hands begin or cease to rest. */
export function onFrozen(act: (frozen: boolean) => void): void {
  document.addEventListener(EVENT, (event) => act((event as CustomEvent<boolean>).detail));
  act(isFrozen());
}

/** Follow what the live regions of the page say, and say it to who does not see it. */
export function followState(): void {
  let said = words();
  read();
  const regions = document.querySelectorAll("[data-topic^='workshop:']");
  const observer = new MutationObserver(() => {
    const now = words();
    if (now && now !== said) say(now);
    said = now;
    read();
  });
  for (const region of regions) {
    observer.observe(region, { childList: true, subtree: true, attributes: true });
  }
}

function read(): void {
  const isOut = document.querySelector("[data-out]") !== null;
  const frozen = isOut || document.querySelector("[data-frozen='true']:not(html)") !== null;
  if (isOut) document.documentElement.dataset.out = "";
  if (frozen === isFrozen() && document.documentElement.dataset.frozen) return;
  document.documentElement.dataset.frozen = `${frozen}`;
  document.dispatchEvent(new CustomEvent<boolean>(EVENT, { detail: frozen }));
}

function words(): string {
  const out = document.querySelector<HTMLElement>("[data-out]");
  const found = out ?? document.querySelector<HTMLElement>("[data-say]");
  return found?.dataset.say ?? "";
}
