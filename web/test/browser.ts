/** A document for tests of what touches nodes. Import it before the module under test. */

import { GlobalWindow } from "happy-dom";

const window = new GlobalWindow({ url: "http://arena.test/ideas/2026-00001" });

Object.defineProperty(globalThis, "addEventListener", {
  value: window.addEventListener.bind(window),
  configurable: true,
});
Object.defineProperty(globalThis, "window", { value: window, configurable: true });
for (const name of [
  "document",
  "location",
  "localStorage",
  "DOMParser",
  "Element",
  "HTMLElement",
  "HTMLFormElement",
  "HTMLInputElement",
  "HTMLSelectElement",
  "HTMLTextAreaElement",
  "CustomEvent",
  "FormData",
  "Event",
]) {
  Object.defineProperty(globalThis, name, { value: window[name as never], configurable: true });
}

/** An element with this content, in the page. */
export function element(html: string): HTMLElement {
  const box = document.createElement("div");
  box.innerHTML = html;
  document.body.replaceChildren(box);
  return box;
}
