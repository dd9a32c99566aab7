/**
 * What pages of a table have besides: `/live` says when another table writes, who sits before which
 * text is asked for now and then, the timer counts down, and while hands are down nothing is typed
 * into the text.
 */

import "./css/tables.css";
import { refreshRegions } from "./live";
import { _ } from "./messages";
import { remaining, ServerClock } from "./wall/countdown";

const ASK_MS = 20_000;
const TICK_MS = 1_000;
/** What changes a text; all else (moving, selecting, copying) stays as it is. */
const INPUTS = ["beforeinput", "paste", "cut", "drop", "keydown"] as const;
const HARMLESS = /^(Arrow|Page|Home|End|Tab|Escape|Shift|Control|Alt|Meta|F\d)/;

const clock = new ServerClock();
clock.told(document.querySelector<HTMLElement>("[data-now]")?.dataset.now);

setInterval(ask, ASK_MS);
setInterval(tick, TICK_MS);
tick();
document.querySelector("#workshop-others")?.addEventListener("toggle", ask);
for (const kind of INPUTS) document.addEventListener(kind, rest, { capture: true });

/** Fetch what can be seen of other tables; the server says 304 as long as nothing has changed. */
function ask(): void {
  if (document.hidden) return;
  for (const shown of document.querySelectorAll(
    "#tables, #workshop-bar, #workshop-others[open] > div",
  )) {
    refreshRegions(shown);
  }
}

/** Hands are down: what would change the text does not reach the editor. */
function rest(event: Event): void {
  const target = event.target;
  if (!document.querySelector("[data-rests]") || !(target instanceof Element)) return;
  if (!target.closest("[data-section]")) return;
  if (event instanceof KeyboardEvent) {
    if (HARMLESS.test(event.key) || event.ctrlKey || event.metaKey) return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Write into the timer how long is left, where that has changed. */
function tick(): void {
  const timer = document.querySelector<HTMLElement>("#workshop-bar #timer");
  const value = timer?.querySelector(".timer-value");
  const label = timer?.querySelector(".timer-label");
  if (!timer || !value || !label) return;
  const left_ms = Date.parse(timer.dataset.ends ?? "") - clock.now();
  const text = remaining(left_ms);
  const beside = left_ms > 0 ? _("noch") : "";
  if (value.textContent !== text) value.textContent = text;
  if (label.textContent !== beside) label.textContent = beside;
}
