import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Patience } from "../src/editor/sync/patience";
import { element } from "./browser";

let place: HTMLElement;
let patience: Patience;
let done: number[];

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  place = element('<p contenteditable="true">Text</p>').firstElementChild as HTMLElement;
  patience = new Patience(place);
  done = [];
});
afterEach(() => mock.timers.reset());

const act = (number: number) => patience.do(() => done.push(number));
const happens = (name: string) => place.dispatchEvent(new Event(`composition${name}`));

test("what others write waits until the word is composed, and keeps its order", () => {
  act(1);
  assert.deepEqual(done, [1]);
  happens("start");
  act(2);
  happens("update");
  act(3);
  assert.deepEqual(done, [1]);
  happens("end");
  act(4);
  assert.deepEqual(done, [1]);
  mock.timers.tick(50);
  assert.deepEqual(done, [1, 2, 3, 4]);
  act(5);
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
});

test("who stops within a word, or composes on and on, sees what others write all the same", () => {
  happens("start");
  act(1);
  mock.timers.tick(1_499);
  assert.deepEqual(done, []);
  mock.timers.tick(1);
  assert.deepEqual(done, [1]);
  happens("update");
  act(2);
  for (let waited_ms = 0; waited_ms < 4_000; waited_ms += 1_000) {
    mock.timers.tick(1_000);
    happens("update");
  }
  assert.deepEqual(done, [1]);
  mock.timers.tick(1_000);
  assert.deepEqual(done, [1, 2]);
});

test("only so much waits", () => {
  happens("start");
  for (let number = 1; number < 500; number += 1) act(number);
  assert.deepEqual(done, []);
  act(500);
  assert.equal(done.length, 500);
});

test("what waits for a lost connection is taken in at once, and nothing after the end", () => {
  happens("start");
  act(1);
  patience.hurry();
  assert.deepEqual(done, [1]);
  happens("update");
  act(2);
  patience.end();
  happens("update");
  mock.timers.tick(5_000);
  assert.deepEqual(done, [1]);
});
