/**
 * Copies of pages that somebody writes on, to be read without a network. They belong to the sign-in
 * they were fetched with: as soon as another, or nobody, is signed in, they are gone. The server
 * says which answers may be kept and for whom (server/auth/device.py).
 */

export const SIGN_IN = "Arena-Sign-In";
export const KEEP = "Arena-Keep";
export const KEPT_AT = "Arena-Kept-At";

export const PAGES_MAX = 20;
export const PAGE_CHARS_MAX = 2_000_000;
export const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

const PAGES = "arena-pages-";
const NOBODY = "none";

/** Keep the page, if it says that it may be kept; the oldest make room. Returns its HTML. */
export async function keepCopy(path: string, response: Response, now: number): Promise<string> {
  const owner = ownerOf(response);
  if (!owner || owner === NOBODY || response.status !== 200 || !response.headers.has(KEEP)) {
    return "";
  }
  const html = await response.text();
  if (html.length > PAGE_CHARS_MAX) return "";
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set(KEPT_AT, new Date(now).toISOString());
  const pages = await caches.open(PAGES + owner);
  await pages.put(path, new Response(html, { headers }));
  await makeRoom(pages, now);
  return html;
}

/** The copy of the page, with the moment it was made on its body; null if there is none. */
export async function copyOf(path: string, now: number): Promise<Response | null> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(path);
    if (found && now - keptAt(found) < KEPT_MS) return marked(found);
  }
  return null;
}

/** An answer has come: copies of every other sign-in go. */
export async function dropForeign(owner: string): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + owner) await caches.delete(name);
  }
}

/** Whom the answer is for; null if it does not say, as the answers of a proxy do not. */
export function ownerOf(response: Response): string | null {
  return response.headers.get(SIGN_IN);
}

/** Everything that is kept, as HTML. */
export async function keptHtml(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const page = await pages.match(request);
      if (page) found.push(await page.text());
    }
  }
  return found;
}

/** The pages that are kept on this device, the newest first; read by the page of the device. */
export async function keptPages(): Promise<{ path: string; title: string; at: number }[]> {
  const found: { path: string; title: string; at: number }[] = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const pages = await caches.open(name);
    for (const request of await pages.keys()) {
      const page = await pages.match(request);
      if (!page) continue;
      const title = titleIn(await page.text());
      found.push({ path: new URL(request.url).pathname, title, at: keptAt(page) });
    }
  }
  return found.sort((one, other) => other.at - one.at);
}

async function makeRoom(pages: Cache, now: number): Promise<void> {
  const all: { request: Request; at: number }[] = [];
  for (const request of await pages.keys()) {
    const page = await pages.match(request);
    if (page) all.push({ request, at: keptAt(page) });
  }
  all.sort((one, other) => other.at - one.at);
  const old = all.filter(({ at }, i) => i >= PAGES_MAX || now - at >= KEPT_MS);
  for (const { request } of old) await pages.delete(request);
}

async function marked(copy: Response): Promise<Response> {
  const at = copy.headers.get(KEPT_AT) ?? "";
  const html = (await copy.text()).replace("<body", `<body data-kept-at="${at}"`);
  return new Response(html, { headers: copy.headers });
}

function keptAt(copy: Response): number {
  return Date.parse(copy.headers.get(KEPT_AT) ?? "") || 0;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&#34;": '"',
  "&#39;": "'",
};

/** The title in a page of ours, without the name of the place. */
export function titleIn(html: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "";
  return title
    .replace(/&(amp|lt|gt|#34|#39);/g, (each) => ENTITIES[each] ?? each)
    .replace(/ – Arena$/, "");
}
