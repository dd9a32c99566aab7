/**
 * Speaks to people who do not see the change: one persistent polite region per page.
 *
 * `say` may be called from any script of the page; only `startStatus` (main.ts) owns the region.
 * Words that come close together are spoken together, never more often than every five seconds.
 */

const EVENT = "arena:say";
const PAUSE_MS = 5_000;
const SHOWN_MS = 8_000;

/** So many of something; what comes while others wait is added up. */
export interface Count {
  readonly of: string;
  n: number;
  words: (n: number) => string;
}

/** Ask for `news` to be announced politely. */
export function say(news: string | Count): void {
  document.dispatchEvent(new CustomEvent<string | Count>(EVENT, { detail: news }));
}

/** Start listening. The region is in every page, for it must be there before it is written to. */
export function startStatus(): void {
  const region = document.getElementById("live-status");
  if (!region) return;
  let clearing: ReturnType<typeof setTimeout> | undefined;
  const queue = new Queue((text) => {
    region.textContent = text;
    clearTimeout(clearing);
    clearing = setTimeout(() => region.replaceChildren(), SHOWN_MS);
  });
  document.addEventListener(EVENT, (event) => {
    queue.add((event as CustomEvent<string | Count>).detail, Date.now());
  });
}

/** Collects what is to be said and lets it out with pauses; the timer is the caller's to fake. */
export class Queue {
  private waiting = new Map<string, Count>();
  private spokenAt = Number.NEGATIVE_INFINITY;
  private timer: unknown = null;

  constructor(
    private readonly speak: (text: string) => void,
    private readonly later: (act: () => void, ms: number) => unknown = (act, ms) =>
      setTimeout(act, ms),
  ) {}

  add(news: string | Count, now: number): void {
    const count = typeof news === "string" ? { of: news, n: 0, words: () => news } : news;
    count.n += this.waiting.get(count.of)?.n ?? 0;
    this.waiting.set(count.of, count);
    if (this.timer !== null) return;
    // Even the first word waits a little, so that what belongs together is said together.
    const wait_ms = Math.max(this.spokenAt + PAUSE_MS - now, 150);
    this.timer = this.later(() => this.flush(now + wait_ms), wait_ms);
  }

  private flush(now: number): void {
    this.timer = null;
    this.spokenAt = now;
    const texts = [...this.waiting.values()].map((count) => count.words(count.n));
    this.waiting.clear();
    this.speak(texts.join(" · "));
  }
}
