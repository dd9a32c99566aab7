/** The wall of a workshop: its scene follows what happens, and its timer the server's clock. */

import "./css/wall.css";
import { parseMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";
import { _, language } from "./messages";
import { remaining, ServerClock } from "./wall/countdown";
import { follow } from "./wall/follow";

const TICK_MS = 1_000;

const wall = document.querySelector<HTMLElement>("#wall[data-fragment]");
const freshness = document.querySelector<HTMLElement>("#freshness");
if (wall) start(wall);

function start(wall: HTMLElement): void {
  const clock = new ServerClock();
  let newestAt = Date.now();
  clock.told(wall.dataset.now);
  follow({
    fragment: wall.dataset.fragment ?? "",
    topics: (wall.dataset.topics ?? "").split(/\s+/).filter(Boolean),
    heard: (headers) => clock.told(headers.get("Arena-Now")),
    show(html) {
      morphChildren(wall, parseMarkup(html).body);
      tick(clock);
    },
    stale(isStale) {
      if (!isStale) newestAt = clock.now();
      const at = new Intl.DateTimeFormat(language(), { timeStyle: "short" }).format(newestAt);
      say(isStale ? _("Keine Verbindung. Stand: %(time)s", { time: at }) : "");
    },
  });
  tick(clock);
  setInterval(() => tick(clock), TICK_MS);
}

/** Write into the timer how long is left, where that has changed. */
function tick(clock: ServerClock): void {
  const timer = document.querySelector<HTMLElement>("#timer");
  const value = timer?.querySelector(".timer-value");
  if (!timer || !value) return;
  const left_ms = Date.parse(timer.dataset.ends ?? "") - clock.now();
  const text = remaining(left_ms);
  if (value.textContent !== text) value.textContent = text;
  const label = timer.querySelector(".timer-label");
  const beside = left_ms > 0 ? _("noch") : "";
  if (label && label.textContent !== beside) label.textContent = beside;
}

function say(text: string): void {
  if (freshness && freshness.textContent !== text) freshness.textContent = text;
}
