/**
 * Presenting an idea: one section at a time, by keys and buttons; the text stays live. The address
 * keeps the place, so that a reload shows the same section.
 */

import "./css/present.css";
import { parseMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";
import { _ } from "./messages";
import { follow } from "./wall/follow";

const main = document.querySelector<HTMLElement>("#present[data-fragment]");
const nav = document.querySelector<HTMLElement>("#present-nav");
const place = document.querySelector<HTMLElement>("#present-place");
const back = document.querySelector<HTMLButtonElement>("#present-back");
const on = document.querySelector<HTMLButtonElement>("#present-on");
const freshness = document.querySelector<HTMLElement>("#freshness");

let current = location.hash.slice(1) || "slide-title";

if (main) {
  main.dataset.ready = "true";
  if (nav) nav.hidden = false;
  show(main, false);
  back?.addEventListener("click", () => go(main, -1));
  on?.addEventListener("click", () => go(main, 1));
  document.addEventListener("keydown", (event) => pressed(main, event));
  addEventListener("hashchange", () => {
    current = location.hash.slice(1);
    show(main, true);
  });
  follow({
    fragment: main.dataset.fragment ?? "",
    topics: (main.dataset.topics ?? "").split(/\s+/).filter(Boolean),
    show(html) {
      morphChildren(main, parseMarkup(html).body);
      show(main, false);
    },
    stale(isStale) {
      const text = isStale ? _("Keine Verbindung: Der Text kann älter sein.") : "";
      if (freshness && freshness.textContent !== text) freshness.textContent = text;
    },
  });
}

function slides(main: HTMLElement): HTMLElement[] {
  return [...main.querySelectorAll<HTMLElement>(".slide")];
}

/** Show the current section and hide the others; one that has gone gives way to the title. */
function show(main: HTMLElement, isMove: boolean): void {
  const all = slides(main);
  const at = Math.max(
    0,
    all.findIndex((slide) => slide.id === current),
  );
  all.forEach((slide, number) => {
    slide.hidden = number !== at;
  });
  if (back) back.disabled = at === 0;
  if (on) on.disabled = at === all.length - 1;
  const text = _("%(number)s von %(count)s", { number: at + 1, count: all.length });
  if (place && place.textContent !== text) place.textContent = text;
  if (!isMove) return;
  scrollTo(0, 0);
  all[at]?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
}

function go(main: HTMLElement, step: number): void {
  const all = slides(main);
  const at = all.findIndex((slide) => !slide.hidden);
  to(main, all[Math.min(all.length - 1, Math.max(0, at + step))]);
}

function to(main: HTMLElement, slide: HTMLElement | undefined): void {
  if (!slide || slide.id === current) return;
  current = slide.id;
  history.replaceState(null, "", `#${slide.id}`);
  show(main, true);
}

/** Arrows and what presenters' remotes send; a long section is scrolled to its end first. */
function pressed(main: HTMLElement, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = event.target instanceof HTMLButtonElement;
  const all = slides(main);
  switch (event.key) {
    case "ArrowRight":
      go(main, 1);
      break;
    case "ArrowLeft":
      go(main, -1);
      break;
    case "PageDown":
      if (!atEnd()) return;
      go(main, 1);
      break;
    case "PageUp":
      if (scrollY > 0) return;
      go(main, -1);
      break;
    case " ":
      if (onButton || (!event.shiftKey && !atEnd()) || (event.shiftKey && scrollY > 0)) return;
      go(main, event.shiftKey ? -1 : 1);
      break;
    case "Home":
      to(main, all[0]);
      break;
    case "End":
      to(main, all.at(-1));
      break;
    default:
      return;
  }
  event.preventDefault();
}

function atEnd(): boolean {
  return scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
}
