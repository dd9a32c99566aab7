/**
 * Opening pages: the network first, and where it does not answer in time, the copy that this
 * device has kept. Forms are only sent; whether that worked is said truly.
 */

import { copyOf, dropForeign, keepCopy, ownerOf } from "./copies";
import type { AskedEvent, Shell } from "./scope";
import { keepFilesOf, offlinePage } from "./shell";

export const ANSWER_MS_MAX = 4_000;
const DEVICE = "/device";
/** A proxy whose server is away says one of these. */
const AWAY = new Set([502, 503, 504]);
/** With these the person leaves: nothing of him may be kept, whatever is still on its way. */
const LEAVING = new Set(["/sign-out", "/device/clear", "/account/data/erase"]);

/** What the language of the last page was, for the pages that are nobody's. */
let language = "";
/** When somebody left last; what was asked for before is not kept any more. */
let leftAt = 0;

export function isLeaving(request: Request): boolean {
  return request.method === "POST" && LEAVING.has(new URL(request.url).pathname);
}

/** Somebody signs out on this device. */
export async function leave(): Promise<void> {
  leftAt = Date.now();
  await dropForeign("");
}

/** The answer to opening a page. */
export async function openPage(event: AskedEvent, shell: Shell): Promise<Response> {
  const { pathname } = new URL(event.request.url);
  const asked = ask(event, pathname);
  const kept = await copyOf(pathname, Date.now());
  if (!kept) return asked.catch(() => offlinePage(shell.offline, spoken()));
  const answer = await Promise.race([asked.catch(() => null), late()]);
  return answer && !AWAY.has(answer.status) ? answer : kept;
}

/** A page has registered the worker that did not bring it: ask for it again, and keep it. */
export async function keepAgain(told: unknown): Promise<void> {
  const pathname = (told as { keep?: unknown } | null)?.keep;
  if (typeof pathname !== "string" || !/^\/(?!\/)/.test(pathname)) return;
  if (await copyOf(pathname, Date.now())) return;
  const at = Date.now();
  await learn(pathname, await fetch(pathname, { headers: { Accept: "text/html" } }), at);
}

/** The answer to a form that leaves its page. */
export async function sendForm(request: Request, shell: Shell): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return offlinePage(shell.unsent, spoken());
  }
}

/** Ask the network; what comes is kept if it may be, also when it comes too late to be shown. */
function ask(event: AskedEvent, pathname: string): Promise<Response> {
  const at = Date.now();
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => learn(pathname, answer.clone(), at)).catch(() => {}));
  return asked;
}

async function learn(pathname: string, answer: Response, askedAt: number): Promise<void> {
  language = answer.headers.get("Content-Language") ?? language;
  const owner = ownerOf(answer);
  if (owner === null || askedAt <= leftAt) return;
  await dropForeign(owner);
  const html = await keepCopy(pathname, answer, Date.now());
  if (!html) return;
  await keepFilesOf(html);
  if (pathname !== DEVICE) await keepDevicePage(owner);
}

/** Whoever writes without a network wants to see what lies here: that page is kept along. */
async function keepDevicePage(owner: string): Promise<void> {
  if (await copyOf(DEVICE, Date.now())) return;
  const answer = await fetch(DEVICE, { headers: { Accept: "text/html" } });
  if (ownerOf(answer) === owner) await keepCopy(DEVICE, answer, Date.now());
}

function late(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ANSWER_MS_MAX, null));
}

function spoken(): string {
  return language || navigator.language.slice(0, 2);
}
