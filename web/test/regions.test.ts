import assert from "node:assert/strict";
import { test } from "node:test";
import { after, due, type Freshness, freshness, topicsOf } from "../src/live/regions";

const REGIONS = [
  { fragment: "/comments", topics: ["idea:1:comments"] },
  { fragment: "/head", topics: ["idea:1:stage", "idea:1:people"] },
];

function page(seen: number | null = 7): Freshness {
  return freshness(REGIONS, seen);
}

test("each topic is asked for once", () => {
  assert.deepEqual(topicsOf([...REGIONS, ...REGIONS]), [
    "idea:1:comments",
    "idea:1:people",
    "idea:1:stage",
  ]);
});

test("a notice makes only the regions of its topics stale", () => {
  const state = after(page(), { type: "changed", topics: ["idea:1:people", "idea:2:stage"] });
  assert.deepEqual(due(state), ["/head"]);
});

test("many notices make one fetch", () => {
  let state = page();
  for (let i = 0; i < 5; i += 1) {
    state = after(state, { type: "changed", topics: ["idea:1:comments"] });
  }
  assert.deepEqual(due(state), ["/comments"]);
});

test("a notice during a fetch asks for one more, after it", () => {
  let state = after(page(), { type: "changed", topics: ["idea:1:comments"] });
  state = after(state, { type: "started", fragment: "/comments" });
  assert.deepEqual(due(state), []);
  state = after(state, { type: "changed", topics: ["idea:1:comments"] });
  assert.deepEqual(due(state), []);
  state = after(state, { type: "finished", fragment: "/comments" });
  assert.deepEqual(due(state), ["/comments"]);
});

test("nothing falls between loading the page and listening", () => {
  const listening = (seen: number | null, event: number) =>
    due(after(page(seen), { type: "subscribed", event, first: true })).length;
  assert.equal(listening(7, 7), 0);
  assert.equal(listening(7, 8), 2);
  assert.equal(listening(null, 8), 0);
});

test("after a reconnect everything is fetched again", () => {
  const state = after(page(), { type: "subscribed", event: 7, first: false });
  assert.deepEqual(due(state), ["/comments", "/head"]);
});
