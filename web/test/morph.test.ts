import assert from "node:assert/strict";
import { test } from "node:test";
import { isBusy, morphChildren } from "../src/live/morph";
import * as news from "../src/live/news";
import { element } from "./browser";

function morphed(before: string, after: string): { region: HTMLElement; first: ChildNode[] } {
  const region = element(before);
  const first = [...region.childNodes];
  morphChildren(region, fresh(after));
  return { region, first };
}

function fresh(html: string): HTMLElement {
  const box = document.createElement("div");
  box.innerHTML = html;
  return box;
}

const li = (key: string, text = key) => `<li data-key="${key}">${text}</li>`;

function newsIn(region: HTMLElement, fresh: Element): string | null {
  const found = news.newsIn(region, fresh);
  return typeof found === "object" ? (found?.words(found.n) ?? null) : found;
}

test("the region looks like the fragment afterwards", () => {
  const cases: [string, string][] = [
    ["", "<p>a</p>"],
    ["<p>a</p>", ""],
    ["<p>a</p><p>b</p>", "<p>b</p>"],
    [li("a") + li("b"), li("b") + li("a")],
    [li("a") + li("b") + li("c"), li("a") + li("c")],
    [li("a") + li("c"), li("a") + li("b") + li("c") + li("d")],
    [li("a"), li("a", "<b>neu</b>")],
    ["text", "<p class='x'>a</p>text"],
    ["<p class='x' title='y'>a</p>", "<p class='z'>a</p>"],
    ["<!-- c --><p>a</p>", "<p>a</p><!-- d -->"],
    [`${li("a")}<li>loose</li>`, `<li>other</li>${li("a")}`],
  ];
  for (const [before, after] of cases) {
    assert.equal(morphed(before, after).region.innerHTML, fresh(after).innerHTML);
  }
});

test("c23: neither spaces nor a line that comes move the list below them", () => {
  const list = (...keys: string[]) =>
    `<ol id="threads">${keys.map((key) => li(key)).join("")}</ol>`;
  for (const [before, after] of [
    [`\n  ${list("a")}\n`, `${list("a", "b")}\n`],
    [`\n  <p id="gone">weg</p>\n  ${list("a")}`, list("a", "b")],
    [list("a"), `<p>Frühere</p>\n${list("b")}`],
    ["\n <ol><li>a</li></ol>", "<ol><li>b</li></ol>"],
  ] as const) {
    const region = element(before);
    const kept = region.querySelector("ol");
    morphChildren(region, fresh(after));
    assert.equal(region.innerHTML, fresh(after).innerHTML);
    assert.equal(region.querySelector("ol"), kept);
  }
});

test("what stays is the same node, also when others come before it or go", () => {
  const { region, first } = morphed(li("a") + li("b") + li("c"), li("x") + li("b") + li("c"));
  assert.equal(region.children[1], first[1]);
  assert.equal(region.children[2], first[2]);
});

test("a fold that the reader opened stays open, and one that was closed stays closed", () => {
  const region = element("<details><summary>a</summary></details>");
  region.querySelector("details")?.setAttribute("open", "");
  morphChildren(region, fresh("<details><summary>b</summary></details>"));
  assert.equal(region.innerHTML, '<details open=""><summary>b</summary></details>');
});

test("a form with unsent words is left alone, an untouched one is renewed", () => {
  const form = (text: string) => `<form><textarea></textarea><p>${text}</p></form>`;
  const region = element(form("alt"));
  const area = region.querySelector("textarea") as HTMLTextAreaElement;
  area.value = "halber Satz";
  morphChildren(region, fresh(form("neu")));
  assert.equal(region.querySelector("p")?.textContent, "alt");
  assert.equal(area.value, "halber Satz");
  area.value = "";
  morphChildren(region, fresh(form("neu")));
  assert.equal(region.querySelector("p")?.textContent, "neu");
});

test("a form with unsent words does not vanish when its place does", () => {
  const region = element(`${li("a")}<li data-key="b"><form><input></form></li>`);
  (region.querySelector("input") as HTMLInputElement).value = "halber Satz";
  morphChildren(region, fresh(li("a")));
  assert.equal(region.querySelector("input")?.value, "halber Satz");
});

test("the field in which somebody is counts as busy even when it is empty", () => {
  const region = element("<form><input></form>");
  assert.equal(isBusy(region), false);
  region.querySelector("input")?.focus();
  assert.equal(isBusy(region), true);
});

test("a ticked box and another choice count as unsent", () => {
  const region = element('<form><input type="checkbox"><select><option>a<option>b</select></form>');
  assert.equal(isBusy(region), false);
  const select = region.querySelector("select") as HTMLSelectElement;
  select.selectedIndex = 1;
  assert.equal(isBusy(region), true);
  select.selectedIndex = 0;
  (region.querySelector("input") as HTMLInputElement).checked = true;
  assert.equal(isBusy(region), true);
});

test("new comments are counted, one's own are not", () => {
  const region = element(li("a"));
  region.dataset.topic = "idea:2026-00001:comments";
  const own = '<li data-key="own" data-own>x</li>';
  assert.equal(newsIn(region, fresh(li("a") + li("b"))), "1 neuer Kommentar");
  assert.equal(newsIn(region, fresh(li("b") + li("c") + own)), "2 neue Kommentare");
  assert.equal(newsIn(region, fresh(li("a") + own)), null);
  assert.equal(newsIn(region, fresh("")), null);
  const thread = (inner: string) => `<li data-key="t"><ol>${inner}</ol></li>`;
  assert.equal(newsIn(region, fresh(thread(li("b")))), "1 neuer Kommentar");
  assert.equal(newsIn(region, fresh(thread(own))), null);
});

test("a stage region that only got older is no news", () => {
  const region = element("<p>Offen</p><time>vor 1 Minute</time>");
  region.dataset.topic = "idea:2026-00001:stage";
  assert.equal(newsIn(region, fresh("<p>Offen</p><time>vor 2 Minuten</time>")), null);
  assert.equal(newsIn(region, fresh("<p>Ausarbeitung</p>")), "Die Phase hat sich geändert");
});
