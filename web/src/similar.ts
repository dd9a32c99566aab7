/**
 * Similar ideas while a title or a first text is typed: `<input data-similar="/ideas/similar"
 * aria-controls="…">`, or textareas; the answer is a fragment for the controlled region.
 */

import { fetchMarkup } from "./live/markup";
import { morphChildren } from "./live/morph";

const WAIT_MS = 300;
const CHARACTERS_MIN = 4;
const TEXT_CHARACTERS_MAX = 1000;

type Field = HTMLInputElement | HTMLTextAreaElement;

function startSimilar(): void {
  for (const field of document.querySelectorAll<Field>("[data-similar]")) {
    const region = document.getElementById(field.getAttribute("aria-controls") ?? "");
    if (region) watch(field, region);
  }
}

function watch(field: Field, region: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(field, region), WAIT_MS);
  });
}

async function look(field: Field, region: HTMLElement): Promise<void> {
  const title = titleOf(field);
  const wanted = address(field, title);
  const fresh = title.length < CHARACTERS_MIN ? empty() : await fetchMarkup(wanted);
  // Meanwhile more may have been typed; then a newer answer is on its way.
  if (fresh && address(field, titleOf(field)) === wanted) morphChildren(region, fresh.body);
}

function titleOf(field: Field): string {
  const named = field.form?.elements.namedItem("title");
  return (named instanceof HTMLInputElement ? named : field).value.trim();
}

function address(field: Field, title: string): string {
  const url = new URL(field.dataset.similar ?? "", location.href);
  url.searchParams.set("title", title);
  const texts = field.form?.querySelectorAll<HTMLTextAreaElement>("textarea[data-similar]") ?? [];
  const text = [...texts].map((each) => each.value).join("\n");
  if (text) url.searchParams.set("text", text.slice(0, TEXT_CHARACTERS_MAX));
  return url.pathname + url.search;
}

function empty(): Document {
  return document.implementation.createHTMLDocument();
}

startSimilar();
