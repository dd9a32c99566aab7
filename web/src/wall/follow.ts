/**
 * Keeps one part of a page as new as the server's: `/live` says that something has changed, and
 * whether the socket lives or not the part is asked for again every few seconds. The server answers
 * with 304 as long as nothing has changed, so asking is cheap.
 */

const ASK_MS = 5_000;
const REST_MS = 3_000;
const STALE_MS = 20_000;
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
  let timer: number | undefined;
  let failures = 0;

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    askedAt = performance.now();
    try {
      const answer = await fetch(followed.fragment, {
        headers: { Accept: "text/html" },
        cache: "no-cache",
      });
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
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
    if (performance.now() - heardAt > STALE_MS) followed.stale(true);
    later(ASK_MS * (1 + Math.random() / 5));
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
      const notice = JSON.parse(String(message.data)) as { changed?: string[] };
      failures = 0;
      if (notice.changed) later(Math.random() * 300);
    });
    socket.addEventListener("close", () => {
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
