/**
 * Keeps one part of a page as new as the server's. While the line to `/live` stands the server says
 * when something has changed, and the part is asked for only then, and now and then besides: a
 * notice may be lost, and codes run out by themselves. Without a line it is asked for every few
 * seconds; the server answers with 304 as long as nothing has changed.
 */

const ASK_MS = 5_000;
const QUIET_MS = 30_000;
const REST_MS = 3_000;
const STALE_MS = 20_000;
const ANSWER_MS = 10_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

export interface Followed {
  readonly fragment: string;
  readonly topics: readonly string[];
  /** Show what came. */
  show(html: string): void;
  /** The server has answered, with something new or not. */
  heard?(headers: Headers): void;
  /** Nothing new has come for a while (true), or it has again (false). */
  stale(isStale: boolean): void;
}

/** Follow from now on, until the page goes. */
export function follow(followed: Followed): void {
  let shown = "";
  let askedAt = 0;
  let heardAt = performance.now();
  let isAsking = false;
  let isAskedAgain = false;
  /** The server will say so when something changes. */
  let isTold = false;
  let timer: number | undefined;
  let failures = 0;

  async function ask(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    isAskedAgain = false;
    askedAt = performance.now();
    let hasAnswered = false;
    try {
      const answer = await fetch(followed.fragment, {
        headers: { Accept: "text/html" },
        cache: "no-cache",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        hasAnswered = true;
        heardAt = performance.now();
        followed.stale(false);
        followed.heard?.(answer.headers);
        if (html !== shown) followed.show(html);
        shown = html;
      }
    } catch {
      // Not reachable: what is shown stays, and says so below.
    }
    isAsking = false;
    if (!hasAnswered && performance.now() - heardAt > STALE_MS) followed.stale(true);
    if (isAskedAgain) return later(0);
    later((isTold && hasAnswered ? QUIET_MS : ASK_MS) * (1 + Math.random() / 5));
  }

  /** Ask in so many milliseconds; nothing on a wall moves more often than every few seconds. */
  function later(wait_ms: number): void {
    clearTimeout(timer);
    const rest_ms = Math.max(0, askedAt + REST_MS - performance.now());
    timer = window.setTimeout(() => void ask(), Math.max(wait_ms, rest_ms));
  }

  function connect(): void {
    const url = new URL("/live", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ subscribe: followed.topics }));
    });
    socket.addEventListener("message", (message) => {
      const notice = JSON.parse(String(message.data)) as {
        changed?: string[];
        subscribed?: string[];
      };
      failures = 0;
      // Nobody says what was missed before.
      if (notice.subscribed) isTold = true;
      if (notice.changed || notice.subscribed) later(Math.random() * 300);
    });
    socket.addEventListener("close", () => {
      // Until now it would have been told.
      if (isTold) heardAt = performance.now();
      isTold = false;
      later(ASK_MS * Math.random());
      const wait_ms = Math.min(RETRY_MS_MIN * 2 ** failures++, RETRY_MS_MAX);
      setTimeout(connect, wait_ms * (0.5 + Math.random() / 2));
    });
  }

  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) later(0);
  });
  connect();
  later(ASK_MS);
}
