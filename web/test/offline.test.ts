import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../src/offline/kept";
import { allUnsent, countUnsent, noteUnsent } from "../src/unsent";
import { element } from "./browser";

/** The page's script, on a device without a network. */
async function offline(): Promise<void> {
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  const { startForms } = await import("../src/offline/forms");
  startForms();
}

function submit(form: HTMLFormElement): Event {
  const event = new Event("submit", { bubbles: true, cancelable: true });
  form.dispatchEvent(event);
  return event;
}

test("of5: without a network a form stays, with what was typed and a sentence", async () => {
  await offline();
  const box = element(
    '<form method="post" id="a"><textarea name="t">Mein Text</textarea></form><form method="get" id="b"></form><form method="post" id="c" data-live-form></form>',
  );
  const [plain, search, live] = box.querySelectorAll("form");
  assert.ok(plain && search && live);
  assert.equal(submit(plain).defaultPrevented, true);
  await new Promise((done) => setImmediate(done));
  assert.match(plain.querySelector("[role=alert]")?.textContent ?? "", /Nichts wurde gesendet/);
  assert.equal(plain.querySelector("textarea")?.value, "Mein Text");
  assert.equal(submit(search).defaultPrevented, false, "what only reads goes its way");
  assert.equal(submit(live).defaultPrevented, false, "what says it itself is left alone");
});

test("of6: changes are counted per person and document, with the page they were made on", () => {
  localStorage.clear();
  noteUnsent("ana", "d1.0.1", 3);
  localStorage.setItem("arena:unsent:ana:d2.0.1", "1"); // as noted before pages were
  noteUnsent("bernd", "d1.0.1", 9);
  assert.equal(countUnsent("ana", "d1.0.1"), 3);
  assert.equal(countUnsent("ana", "d3.0.1"), 0);
  assert.deepEqual(allUnsent("ana"), [
    { documentId: "d1.0.1", n: 3, path: "/ideas/2026-00001" },
    { documentId: "d2.0.1", n: 1, path: "" },
  ]);
});

test("of1: the moment of a copy is a time of today, or a day with its time", () => {
  const at = new Date(2026, 10, 26, 19, 42);
  assert.equal(moment(at, new Date(2026, 10, 26, 22, 0), "de"), "19:42");
  assert.match(moment(at, new Date(2026, 10, 27, 8, 0), "de"), /26\. November.*19:42/);
});

test("of6: silent notes that wait are found, and one that is refused is not dropped", async () => {
  localStorage.clear();
  localStorage.setItem(
    "arena:draft:ana:notes:ABC234",
    JSON.stringify([{ id: "n1", text: "Mehr Bäume", colour: "green" }]),
  );
  localStorage.setItem("arena:draft:bernd:/x:f:text", "von Bernd");
  const { allFound, countOthers } = await import("../src/device/found");
  const found = await allFound("ana");
  assert.deepEqual(
    found.map(({ path, n, text }) => [path, n, text]),
    [["/w/ABC234/board", 1, "Mehr Bäume"]],
  );
  assert.equal(countOthers("ana"), 1);
  const { sendNotes } = await import("../src/device/sending");
  const answers = [422, 201];
  const fetched = async () => new Response("{}", { status: answers.shift() ?? 500 });
  Object.defineProperty(globalThis, "fetch", { value: fetched, configurable: true });
  await sendNotes("ana", "ABC234");
  assert.equal((await allFound("ana")).length, 1);
  await sendNotes("ana", "ABC234");
  assert.equal((await allFound("ana")).length, 0);
});
