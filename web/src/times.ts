/** Keeps relative times (`<time datetime="…" title="exact">vor 3 Minuten</time>`) true. */

import { language } from "./messages";

const REFRESH_MS = 30_000;
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function startTimes(): void {
  setInterval(refreshTimes, REFRESH_MS);
}

/** Rewrite every relative time under `root` for this moment. */
export function refreshTimes(root: ParentNode | unknown = document): void {
  const scope = root instanceof Element ? root : document;
  for (const time of scope.querySelectorAll<HTMLTimeElement>("time[datetime][title]")) {
    const at = Date.parse(time.dateTime);
    if (Number.isNaN(at)) continue;
    const text = relative(at, Date.now(), language());
    if (time.textContent !== text) time.textContent = text;
  }
}

/** "vor 3 Minuten", "gestern", "jetzt": the largest unit that fits, rounded towards now. */
export function relative(at: number, now: number, lang: string): string {
  const format = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const seconds = Math.round((at - now) / 1000);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, "second");
}
