import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { dropDrafts, emptySent, startDrafts, textsIn } from "../src/drafts";
import { forget, hasUnsent } from "../src/person";
import { element } from "./browser";

const FORM = '<form id="f" data-draft><textarea name="text"></textarea></form>';

function page(content = FORM): HTMLTextAreaElement {
  const box = element(`<div data-person="ana">${content}</div>`);
  return box.querySelector("textarea") as HTMLTextAreaElement;
}

function type(area: HTMLTextAreaElement, text: string): void {
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  mock.timers.tick(1_000);
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  localStorage.clear();
});

test("what is half written is there again after a reload, and gone when it was sent", () => {
  const area = page();
  startDrafts("form[data-draft]");
  type(area, "halber Satz");
  const again = page();
  startDrafts("form[data-draft]");
  assert.equal(again.value, "halber Satz");
  dropDrafts(again.form as HTMLFormElement);
  const after = page();
  startDrafts("form[data-draft]");
  assert.equal(after.value, "");
});

test("what the server filled in is newer than a draft", () => {
  type(page(), "alt");
  const area = page('<form id="f" data-draft><textarea name="text">neu</textarea></form>');
  startDrafts("form[data-draft]");
  assert.equal(area.value, "neu");
});

test("a form that was sent by leaving the page is not offered again on the next", () => {
  const area = page();
  startDrafts("form[data-draft]");
  type(area, "Begründung");
  area.form?.dispatchEvent(new Event("submit", { bubbles: true }));
  const next = page();
  startDrafts("form[data-draft]");
  assert.equal(next.value, "");
});

test("the pages forget the drafts of who signs out, and know of those of others", async () => {
  startDrafts("form[data-draft]");
  type(page(), "halber Satz");
  localStorage.setItem("arena:draft:bernd:/x:f:text", "bleibt");
  await forget("ana");
  assert.deepEqual(Object.keys(localStorage), ["arena:draft:bernd:/x:f:text"]);
  assert.equal(hasUnsent(), true);
  localStorage.clear();
  assert.equal(hasUnsent(), false);
});

test("what is typed while a form is being sent stays, and what was sent goes", () => {
  const area = page();
  const form = area.form as HTMLFormElement;
  area.value = "Das ist gesendet.";
  const sent = textsIn(form);
  area.value += " Und das kam";
  emptySent(form, sent);
  assert.equal(area.value, " Und das kam");
  area.value = "Davor: Das ist gesendet.";
  emptySent(form, sent);
  assert.equal(area.value, "Davor: ");
  area.value = "Ganz anders";
  emptySent(form, sent);
  assert.equal(area.value, "Ganz anders");
  emptySent(form, textsIn(form));
  assert.equal(area.value, "");
});
