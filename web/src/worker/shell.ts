/**
 * The built files and the pages for when there is no network. Files carry a hash of their content
 * in their name, so those of several builds lie side by side: a page that was loaded or kept with
 * an older build goes on with what it was made of.
 */

import { keptHtml } from "./copies";
import type { Shell } from "./scope";

const FILES = "arena-files";
const BUILT = /\/assets\/[\w.-]+/g;

export function isBuilt(url: URL): boolean {
  return url.pathname.startsWith("/assets/");
}

/** Fetch whatever of the shell is not there yet; fails as a whole, and is tried again later. */
export async function keepShell(shell: Shell): Promise<void> {
  const files = await caches.open(FILES);
  const missing = await lacking(files, shell.files);
  await files.addAll(missing);
  const pages = [...Object.values(shell.offline), ...Object.values(shell.unsent)];
  // Without cookies: these pages lie here for whoever comes, and name nobody.
  await files.addAll(pages.map((page) => new Request(page, { credentials: "omit" })));
}

/** Once no page of an older build is open: drop the files that no kept page needs either. */
export async function dropOldFiles(shell: Shell): Promise<void> {
  const needed = new Set([...shell.files, ...Object.values(shell.offline)]);
  for (const page of Object.values(shell.unsent)) needed.add(page);
  for (const html of await keptHtml()) for (const [file] of html.matchAll(BUILT)) needed.add(file);
  const files = await caches.open(FILES);
  for (const request of await files.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!needed.has(pathname + search)) await files.delete(request);
  }
}

/** A built file never changes: what lies here is as good as what the network has. */
export async function builtFile(request: Request): Promise<Response> {
  const files = await caches.open(FILES);
  return (await files.match(request.url)) ?? fetch(request);
}

/** The files that a kept page is made of, if an older build's are not here any more. */
export async function keepFilesOf(html: string): Promise<void> {
  const files = await caches.open(FILES);
  const missing = await lacking(files, [...new Set(html.match(BUILT))]);
  await files.addAll(missing);
}

/** One of the pages for when there is no network, as an answer that says so. */
export async function offlinePage(
  pages: Readonly<Record<string, string>>,
  language: string,
): Promise<Response> {
  const files = await caches.open(FILES);
  const found = await files.match(pages[language] ?? pages.de ?? "");
  if (!found) return Response.error();
  // Not 200: what was meant has not happened, and drafts of forms stay (drafts.ts).
  return new Response(await found.text(), { status: 503, headers: headersOf(found) });
}

/** Headers for a text that was unpacked on its way in. */
export function headersOf(response: Response): Headers {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return headers;
}

async function lacking(files: Cache, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => files.match(name)));
  return names.filter((_, i) => !found[i]);
}
