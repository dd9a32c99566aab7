/**
 * The service worker: built files from this device, pages from the network or from the copy kept
 * here, and nothing else – answers for programs, fragments and live text go their own ways.
 *
 * A new build waits until no page of the old one is open (ADR 0030).
 */

import { isLeaving, keepAgain, leave, openPage, sendForm } from "./worker/pages";
import type { WorkerScope } from "./worker/scope";
import { builtFile, dropOldFiles, isBuilt, keepShell } from "./worker/shell";

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener("install", (event) => event.waitUntil(keepShell(scope.shell)));

scope.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles(scope.shell).then(() => scope.clients.claim()));
});

scope.addEventListener("message", (event) => {
  event.waitUntil(keepAgain(event.data).catch(() => {}));
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  // The browser sends these itself, so that it heeds what the answer tells it to throw away.
  if (isLeaving(request)) return event.waitUntil(leave());
  if (request.method === "GET" && isBuilt(url)) return event.respondWith(builtFile(request));
  if (request.mode !== "navigate") return;
  if (request.method === "GET") event.respondWith(openPage(event, scope.shell));
  else event.respondWith(sendForm(request, scope.shell));
});
