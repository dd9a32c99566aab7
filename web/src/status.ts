/**
 * Speaks to people who do not see the change: one persistent polite region per page.
 *
 * `say` may be called from any script of the page; only `startStatus` (main.ts) owns the region.
 * Words that come close together are spoken together, never more often than every five seconds.
 */

const EVENT = "arena:say";
const REGION = "live-status";
const PAUSE_MS = 5_000;
const SHOWN_MS = 8_000;

/** Ask for `text` to be announced politely. */
export function say(text: string): void {
  document.dispatchEvent(new CustomEvent<string>(EVENT, { detail: text }));
}

/** Make the region, which must exist before it is first written to, and start listening. */
export function startStatus(): void {
  const region = statusRegion();
  let clearing: ReturnType<typeof setTimeout> | undefined;
  const queue = new Queue((text) => {
    region.textContent = text;
    clearTimeout(clearing);
    clearing = setTimeout(() => region.replaceChildren(), SHOWN_MS);
  });
  document.addEventListener(EVENT, (event) => {
    queue.add((event as CustomEvent<string>).detail, Date.now());
  });
}

/** Collects what is to be said and lets it out with pauses; the timer is the caller's to fake. */
export class Queue {
  private waiting: string[] = [];
  private spokenAt = Number.NEGATIVE_INFINITY;
  private timer: unknown = null;

  constructor(
    private readonly speak: (text: string) => void,
    private readonly later: (act: () => void, ms: number) => unknown = (act, ms) =>
      setTimeout(act, ms),
  ) {}

  add(text: string, now: number): void {
    if (!this.waiting.includes(text)) this.waiting.push(text);
    if (this.timer !== null) return;
    // Even the first word waits a little, so that what belongs together is said together.
    const wait_ms = Math.max(this.spokenAt + PAUSE_MS - now, 150);
    this.timer = this.later(() => this.flush(now + wait_ms), wait_ms);
  }

  private flush(now: number): void {
    this.timer = null;
    this.spokenAt = now;
    this.speak(this.waiting.splice(0).join(" · "));
  }
}

function statusRegion(): HTMLElement {
  const found = document.getElementById(REGION);
  if (found) return found;
  const region = document.createElement("div");
  region.id = REGION;
  region.className = REGION;
  region.setAttribute("role", "status");
  document.body.append(region);
  return region;
}
