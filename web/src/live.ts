/**
 * Live regions: `/live` says which topic changed, the page fetches its own fragment.
 *
 * `<div data-topic="idea:2026-00042:comments" data-fragment="/ideas/…">`; several topics are
 * separated by spaces. Notices carry no content, so rights and language are those of the request
 * for the fragment. Rules in live/regions.ts; how nodes change in live/morph.ts.
 */

import { fetchMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";
import { newsIn } from "./live/news";
import { keepReadingPosition } from "./live/reading-position";
import {
  after,
  due,
  type Freshness,
  freshness,
  type Notice,
  type Region,
  topicsOf,
} from "./live/regions";
import { say } from "./status";
import { refreshTimes } from "./times";

const SELECTOR = "[data-topic][data-fragment]";
const REFRESH_EVENT = "arena:refresh";
const TELL_EVENT = "arena:tell";
const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 30_000;

interface Heard {
  readonly changed?: string[];
  readonly subscribed?: string[];
  readonly event?: number;
  /** Within how many milliseconds to fetch. */
  readonly within?: number;
}

let state: Freshness = freshness([], null);
/** Within how long a crowd fetches; notices say it, because the server knows how many we are. */
let spread_ms = 0;
let failures = 0;
let subscriptions = 0;
let isScheduled = false;
let line: WebSocket | null = null;
/** What the page says of its reader; said again on every new line. */
let told: unknown = null;

/** Connect if the page has live regions. */
export function startLive(): void {
  const regions = regionsOn(document);
  document.addEventListener(REFRESH_EVENT, (event) => {
    const topics = (event as CustomEvent<string[] | null>).detail;
    takeChanged(topics ?? topicsOf(state.regions));
  });
  if (regions.length === 0) return;
  state = freshness(regions, Number(document.body.dataset.event) || null);
  document.addEventListener("visibilitychange", fetchSoon);
  document.addEventListener(TELL_EVENT, (event) => {
    told = (event as CustomEvent<unknown>).detail;
    if (line && subscriptions > 0) sendTold(line);
  });
  connect();
}

/**
 * Fetch the regions again that `changed` is in, or all of them where it is in none, because this
 * page itself has just changed something.
 */
export function refreshRegions(changed?: Element): void {
  const topics = changed?.closest<HTMLElement>(SELECTOR)?.dataset.topic?.split(/\s+/) ?? null;
  document.dispatchEvent(new CustomEvent(REFRESH_EVENT, { detail: topics }));
}

/** Tell the server, and through it others, something of this page's reader. */
export function tell(message: object): void {
  document.dispatchEvent(new CustomEvent(TELL_EVENT, { detail: message }));
}

function sendTold(socket: WebSocket): void {
  if (told && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(told));
}

function connect(): void {
  const url = new URL("/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  line = socket;
  const giveUp = () => socket.close();
  socket.addEventListener("open", () => {
    socket.send(JSON.stringify({ subscribe: topicsOf(state.regions) }));
  });
  socket.addEventListener("message", (message) => receive(String(message.data), socket));
  socket.addEventListener("close", () => {
    removeEventListener("offline", giveUp);
    reconnectLater();
  });
  // A dead network is noticed at once, not only when the next message fails.
  addEventListener("offline", giveUp);
}

function reconnectLater(): void {
  const longest_ms = Math.min(RETRY_MS_MIN * 2 ** failures++, RETRY_MS_MAX);
  // Without a network there is nothing to try; it says by itself when it is back.
  const wait_ms = navigator.onLine ? longest_ms * (0.5 + Math.random() / 2) : RETRY_MS_MAX;
  const timer = setTimeout(retry, wait_ms);
  addEventListener("online", retry, { once: true });

  function retry(): void {
    clearTimeout(timer);
    removeEventListener("online", retry);
    connect();
  }
}

function receive(text: string, socket: WebSocket): void {
  const { changed, subscribed, event = 0, within = RETRY_MS_MIN } = JSON.parse(text) as Heard;
  // After a reconnect nobody says so, and all may come at once.
  spread_ms = within;
  // Others read there how far the page has heard.
  if (event) document.body.dataset.event = `${event}`;
  if (changed) takeChanged(changed);
  if (subscribed) {
    failures = 0;
    take({ type: "subscribed", event, first: subscriptions++ === 0 });
    sendTold(socket);
  }
}

function takeChanged(topics: readonly string[]): void {
  take({ type: "changed", topics });
}

function take(notice: Notice): void {
  state = after(state, notice);
  fetchSoon();
}

/** Wait a random moment: notices come in bursts, and a crowd must not fetch in the same instant. */
function fetchSoon(): void {
  if (isScheduled || document.hidden || due(state).length === 0) return;
  isScheduled = true;
  setTimeout(() => {
    isScheduled = false;
    for (const fragment of due(state)) void renew(fragment);
  }, Math.random() * spread_ms);
}

async function renew(fragment: string): Promise<void> {
  state = after(state, { type: "started", fragment });
  const fresh = await fetchMarkup(fragment);
  if (fresh) for (const region of regionsShowing(fragment)) show(region, fresh);
  take({ type: "finished", fragment });
}

function show(region: HTMLElement, fresh: Document): void {
  const news = newsIn(region, fresh.body);
  keepReadingPosition(region, () => morphChildren(region, fresh.body));
  refreshTimes(region);
  if (news) say(news);
}

function regionsOn(root: ParentNode): Region[] {
  return [...root.querySelectorAll<HTMLElement>(SELECTOR)].map((element) => ({
    fragment: element.dataset.fragment ?? "",
    topics: (element.dataset.topic ?? "").split(/\s+/).filter(Boolean),
  }));
}

function regionsShowing(fragment: string): HTMLElement[] {
  const regions = [...document.querySelectorAll<HTMLElement>(SELECTOR)];
  return regions.filter((region) => region.dataset.fragment === fragment);
}
