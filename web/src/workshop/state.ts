/** What has changed for all is said to those who do not see it; who is out sees no more of it. */

import { say } from "../status";

/** Follow what the live regions of the page say of the evening. */
export function followState(): void {
  let said = words();
  const observer = new MutationObserver(() => {
    if (found("[data-out]")) document.body.dataset.out = "";
    const now = words();
    if (now && now !== said) say(now);
    said = now;
  });
  for (const region of document.querySelectorAll("[data-topic^='workshop:']")) {
    observer.observe(region, { childList: true, subtree: true, attributes: true });
  }
}

function words(): string {
  return (found("[data-out]") ?? found("[data-say]"))?.dataset.say ?? "";
}

/** In the page; the body itself is marked as well. */
function found(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`main ${selector}`);
}
