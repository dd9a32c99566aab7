/**
 * Tells the server how far the reader has seen the open page, so that nothing of it is news to him
 * later and nothing is mailed. `<article data-seen="/ideas/2026-00042/seen">`; `data-event` of the
 * body is the newest event that the page has heard of.
 */

const LOOK_EVERY_MS = 2_000;
const TELL_EVERY_MS = 60_000;

/** Begin, if the page is one that is followed. */
export function startSeen(): void {
  const page = document.querySelector<HTMLElement>("[data-seen]");
  const address = page?.dataset.seen;
  if (!address) return;
  let heard = newest();
  /** What was heard of a while ago, so that its region had the time to show it. */
  let shown = heard;
  let told = heard;
  setInterval(() => {
    if (document.hidden) return;
    shown = heard;
    heard = newest();
    page.dataset.shown = shown;
  }, LOOK_EVERY_MS);
  setInterval(() => {
    if (!document.hidden && shown !== told) tell();
  }, TELL_EVERY_MS);
  // Hidden pages fetch nothing, so what was shown was shown while somebody could look.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) tell();
  });

  function tell(): void {
    told = shown;
    const body = new URLSearchParams({ event: told });
    // What is lost comes again as news, which harms nobody.
    fetch(address as string, { method: "POST", body, keepalive: true }).catch(() => {});
  }
}

function newest(): string {
  return document.body.dataset.event ?? "0";
}
