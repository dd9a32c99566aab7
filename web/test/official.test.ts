import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { actOf, renewed } from "../src/official/form";
import {
  ACTS_MAX,
  CHARS_MAX,
  discard,
  KEPT_MS,
  type KeptAct,
  keep,
  kept,
} from "../src/official/kept";
import { forget, hasUnsent } from "../src/person";
import { element } from "./browser";

const NOW = 1_000_000;

const PAGE = `<div data-person="ana">
  <ol id="stage"><li aria-current="step"><span class="line-label">Offene Idee</span></li></ol>
  <form id="f" action="/ideas/2026-00001/stage" data-official>
    <input type="hidden" name="expected_revision" value="3">
    <input type="hidden" name="epoch" value="1"><input type="hidden" name="seq" value="7">
    <input type="hidden" name="sha256" value="alt">
    <fieldset><legend>Wohin?</legend>
      <label><input type="radio" name="to" value="declined" checked><span><strong>Ablehnen</strong></span></label>
      <label><input type="radio" name="to" value="returned"><span><strong>Zurückgeben</strong></span></label>
    </fieldset>
    <label for="why">Begründung</label><textarea id="why" name="stage_reason">Gibt es schon.</textarea>
    <button type="submit">Phase ändern</button>
  </form></div>`;

function act(number: number, at = NOW): KeptAct {
  return {
    id: `act-${number}`,
    action: "/ideas/2026-00001/stage",
    fields: [["to", String(number)]],
    title: "Phase ändern",
    said: [],
    ref: "2026-00001",
    stage: "Offene Idee",
    version: "1.7",
    at,
  };
}

beforeEach(() => localStorage.clear());

test("L9: what the form said is kept with the state that was seen", () => {
  const form = element(PAGE).querySelector("form") as HTMLFormElement;
  const found = actOf(form, null, NOW);
  assert.equal(found.title, "Phase ändern");
  assert.equal(found.ref, "2026-00001");
  assert.deepEqual([found.stage, found.version], ["Offene Idee", "1.7"]);
  assert.deepEqual(found.said, [
    ["Wohin?", "Ablehnen"],
    ["Begründung", "Gibt es schon."],
  ]);
  assert.equal(keep("ana", found), "kept");
  assert.deepEqual(kept("ana", NOW), [found]);
});

test("L10: it goes out bound to the state that the person has seen last", () => {
  const form = element(PAGE).querySelector("form") as HTMLFormElement;
  const version = { epoch: 2, seq: 9, sha256: "neu" };
  const fields = new Map(renewed(actOf(form, null, NOW), { revision: 5, version }));
  assert.deepEqual(
    ["expected_revision", "epoch", "seq", "sha256", "to"].map((name) => fields.get(name)),
    ["5", "2", "9", "neu", "declined"],
  );
  assert.deepEqual(renewed(act(1), null), act(1).fields);
});

test("L10: a form without a revision is given none", () => {
  const version = { epoch: 2, seq: 9, sha256: "neu" };
  assert.deepEqual(renewed(act(1), { revision: 5, version }), [["to", "1"]]);
});

test("L11: so many are kept and no more, and each only so long", () => {
  for (let number = 0; number < ACTS_MAX; number++) assert.equal(keep("ana", act(number)), "kept");
  assert.equal(keep("ana", act(ACTS_MAX)), "too-many");
  assert.equal(keep("ana", { ...act(0), id: "again" }), "kept");
  assert.equal(kept("ana", NOW).length, ACTS_MAX);
  assert.equal(kept("ana", NOW + KEPT_MS - 1).length, ACTS_MAX);
  assert.equal(kept("ana", NOW + KEPT_MS).length, 0);
  assert.equal(kept("ana", NOW).length, 0, "what has expired is gone for good");
});

test("L11: so much is kept of one and no more", () => {
  const room = CHARS_MAX - JSON.stringify(act(1)).length;
  assert.equal(keep("ana", { ...act(1), title: `Phase ändern${"x".repeat(room)}` }), "kept");
  assert.equal(keep("ana", { ...act(2), title: `Phase ändern${"x".repeat(room + 1)}` }), "too-big");
});

test("L11: what cannot be read is dropped, and nothing of others is touched", () => {
  keep("ana", act(1));
  localStorage.setItem("arena:official:ana:bad", "{");
  localStorage.setItem("arena:official:ana:odd", '{"id":"odd"}');
  localStorage.setItem("arena:official:bernd:x", JSON.stringify(act(2)));
  assert.deepEqual(
    kept("ana", NOW).map(({ id }) => id),
    ["act-1"],
  );
  assert.equal(localStorage.getItem("arena:official:ana:bad"), null);
  assert.equal(kept("bernd", NOW).length, 1);
});

test("L11: it is discarded by the person, and forgotten with signing out", async () => {
  keep("ana", act(1));
  keep("ana", act(2));
  discard("ana", "act-1");
  assert.equal(kept("ana", NOW).length, 1);
  assert.equal(hasUnsent(), true);
  await forget("ana");
  assert.equal(hasUnsent(), false);
});
