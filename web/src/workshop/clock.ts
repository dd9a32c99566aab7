/**
 * The clock counts down by the server's time: whoever's own is wrong sees the same as everybody.
 *
 * `<p data-ends="ms" data-now="ms">`: when it runs out, and what time it was at the server when it
 * said so.
 */

import { say } from "../status";

const TICK_MS = 250;
const MINUTE_S = 60;

let told = "";
let ahead_ms = 0;
let before_s: number | null = null;

export function startClock(): void {
  setInterval(tick, TICK_MS);
  tick();
}

/** `4:05`, or `1:04:05`. */
export function spell(seconds: number): string {
  const two = (n: number) => `${n}`.padStart(2, "0");
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  const rest = two(seconds % 60);
  return hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** How many seconds are left, rounded up, so that it says 0:00 when the time is up and not before. */
export function left(ends_ms: number, now_ms: number): number {
  return Math.max(0, Math.ceil((ends_ms - now_ms) / 1000));
}

function tick(): void {
  const clock = document.querySelector<HTMLElement>("[data-ends][data-now]");
  if (!clock) {
    before_s = null;
    return;
  }
  const said = clock.dataset.now ?? "";
  if (said !== told) {
    told = said;
    ahead_ms = Number(said) - Date.now();
  }
  const rest_s = left(Number(clock.dataset.ends), Date.now() + ahead_ms);
  show(clock, rest_s);
  announce(clock, rest_s);
  before_s = rest_s;
}

function show(clock: HTMLElement, rest_s: number): void {
  const place = clock.querySelector(".timer-left");
  const text = spell(rest_s);
  if (place && place.textContent !== text) place.textContent = text;
  clock.classList.toggle("is-soon", rest_s > 0 && rest_s <= MINUTE_S);
  clock.classList.toggle("is-over", rest_s === 0);
}

/** Once at a minute and once at the end; not what had passed before the page was opened. */
function announce(clock: HTMLElement, rest_s: number): void {
  if (before_s === null || before_s <= rest_s) return;
  if (before_s > MINUTE_S && rest_s <= MINUTE_S && rest_s > 0) say(clock.dataset.minute ?? "");
  if (rest_s === 0) say(clock.dataset.over ?? "");
}
