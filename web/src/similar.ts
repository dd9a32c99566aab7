/**
 * Similar ideas while a title is typed: `<input data-similar="/ideas/similar"
 * aria-controls="…">`; the answer is a fragment for the controlled region.
 */

import { fetchMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";

const WAIT_MS = 300;
const CHARACTERS_MIN = 4;

function startSimilar(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-similar]")) {
    const region = document.getElementById(input.getAttribute("aria-controls") ?? "");
    if (region) watch(input, region);
  }
}

function watch(input: HTMLInputElement, region: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(input, region), WAIT_MS);
  });
}

async function look(input: HTMLInputElement, region: HTMLElement): Promise<void> {
  const title = input.value.trim();
  const fresh = title.length < CHARACTERS_MIN ? empty() : await fetchMarkup(address(input, title));
  // Meanwhile more may have been typed; then a newer answer is on its way.
  if (fresh && input.value.trim() === title) morphChildren(region, fresh.body);
}

function address(input: HTMLInputElement, title: string): string {
  const url = new URL(input.dataset.similar ?? "", location.href);
  url.searchParams.set(input.name || "title", title);
  return url.pathname + url.search;
}

function empty(): Document {
  return document.implementation.createHTMLDocument();
}

startSimilar();
