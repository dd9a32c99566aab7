/**
 * Anchors after thousands of random edits by several people. ARENA_TEST_SEED makes another run of
 * it or repeats one, ARENA_TEST_EDITS another number of edits.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type Anchor, anchorFor } from "../src/editor/anchors/anchor";
import { type Standing, standingOf } from "../src/editor/anchors/placing";
import {
  type Character,
  Dictionary,
  type Name,
  Person,
  randomOf,
  rangeOf,
  SECTIONS,
} from "./anchor-world";

const EDITS = Number(process.env.ARENA_TEST_EDITS ?? 10_000);
const SEED = Number(process.env.ARENA_TEST_SEED ?? 20_261_126);
const ANCHOR_EVERY = 20;
const MERGE_EVERY = 12;
const JUDGE_EVERY = 40;
const LIFE = 24;
/** A word is at most so long; what was typed against it is part of it for everybody who reads. */
const WORD = 12;

/** An anchor and the numbers of the words that it quotes. */
interface Made {
  readonly anchor: Anchor;
  readonly name: Name;
  readonly ids: readonly number[];
  readonly letters: number;
  judged: number;
}

/** What comes of an anchor: `unproven` are few words that lost what stood around them. */
type Outcome = "whole" | "changed" | "gone" | "unproven" | "copy";

test(`anchors stay on their words through ${EDITS} edits (ARENA_TEST_SEED=${SEED})`, () => {
  const random = randomOf(SEED);
  const dictionary = new Dictionary(random);
  const people = [new Person(dictionary, 1), new Person(dictionary, 2)] as const;
  const tally: Record<Outcome, number> = { whole: 0, changed: 0, gone: 0, unproven: 0, copy: 0 };
  const copies = new Set<Made>();
  let made: Made[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    dictionary.pick(people).edit();
    if (edit % MERGE_EVERY === 0) merge(people);
    if (edit % ANCHOR_EVERY === 0) made.push(...anchorIn(people[0], dictionary));
    if (edit % JUDGE_EVERY !== 0) continue;
    merge(people);
    compare(people);
    for (const each of made) {
      const outcome = judge(each, people[edit % (2 * JUDGE_EVERY) === 0 ? 1 : 0], dictionary, edit);
      tally[outcome] += 1;
      if (outcome === "copy") copies.add(each);
    }
    made = made.filter((each) => each.judged < LIFE);
  }
  console.log(JSON.stringify(tally));
  // One or two words of which a copy has taken the surroundings over: nobody could tell.
  assert.ok(copies.size * 33 <= EDITS / ANCHOR_EVERY, `${copies.size} taken for a copy`);
  for (const outcome of ["whole", "changed", "gone"] as const) {
    assert.ok(tally[outcome] > EDITS / 100, `${outcome} was hardly tried`);
  }
});

function merge([one, other]: readonly [Person, Person]): void {
  one.mergeFrom(other);
  other.mergeFrom(one);
}

function compare([one, other]: readonly [Person, Person]): void {
  const texts = SECTIONS.map((name) => [one, other].map((each) => String(each.state(name).doc)));
  for (const [mine, theirs] of texts) assert.equal(mine, theirs, "the copies differ");
}

function anchorIn(person: Person, dictionary: Dictionary): Made[] {
  const name = dictionary.pick(SECTIONS);
  const words = wordsOf(person.characters(name), dictionary).filter(({ isWhole }) => isWhole);
  const start = Math.floor(dictionary.random() * words.length);
  const wanted = words.slice(start, start + 1 + Math.floor(dictionary.random() * 9));
  const [begin, end] = [wanted[0], wanted.at(-1)];
  const ids = wanted.map(({ id }) => id);
  if (!begin || !end || new Set(ids).size < ids.length) return [];
  const characters = person.characters(name);
  const range = rangeOf(characters, begin.first, end.last - 1);
  const quoted = characters.slice(begin.first, end.last);
  // Words that are broken would be quoted too, and nobody could say what is left of them.
  if (quoted.some(({ id }) => !ids.includes(id))) return [];
  const anchor = anchorFor(name, person.state(name), range);
  // Words typed together are one word for whoever reads them.
  const isClean =
    anchor?.quote.split(/\s+/).join(" ") === ids.map((id) => dictionary.wordOf(id)).join(" ");
  if (!anchor || !isClean) return [];
  return [{ anchor, name, ids, letters: quoted.length, judged: 0 }];
}

interface Word {
  readonly id: number;
  readonly first: number;
  readonly last: number;
  /** Does it still read as it was written? */
  readonly isWhole: boolean;
}

const known = new WeakMap<readonly Character[], Word[]>();

/** The words in a row of characters; a word that was split is one as long as nothing is between. */
function wordsOf(characters: readonly Character[], dictionary: Dictionary): Word[] {
  const words = known.get(characters) ?? [];
  if (words.length > 0) return words;
  known.set(characters, words);
  for (let first = 0, last = 0; first < characters.length; first = last) {
    const id = characters[first]?.id ?? -1;
    const whole = dictionary.wordOf(id);
    let text = "";
    for (last = first; characters[last]?.id === id && text !== whole; last += 1) {
      text += characters[last]?.text;
    }
    words.push({ id, first, last, isWhole: text === whole });
  }
  return words;
}

/** Hold where the anchor is found against where its words are. */
function judge(made: Made, person: Person, dictionary: Dictionary, edit: number): Outcome {
  made.judged += 1;
  const states = new Map(SECTIONS.map((name) => [name, person.state(name)]));
  const place = standingOf(made.anchor, states);
  const all = SECTIONS.map((name) => [name, person.characters(name)] as const);
  const told = () => `edit ${edit}: ${tellOf(made, place, all, dictionary)}`;
  const runs = all.flatMap(([name, characters]) => runsOf(made, name, characters, dictionary));
  const originals = runs.filter(({ isCopy }) => !isCopy);
  const right = originals.length > 0 ? originals : runs;
  if (right.length > 0) {
    if (!place && !saysEnough(made)) return "unproven";
    hold(place, () => `not found: ${told()}`);
    const isRight = right.some((each) => isDeepStrictEqual(each.range, rangeIn(place)));
    if (!isRight && !saysEnough(made)) return "copy";
    // What is left of the passage where it was counts more than the whole of it elsewhere.
    hold(isRight === place.isSame, () => `found elsewhere: ${told()}`);
    if (isRight) return "whole";
  }
  return place
    ? judgeRest(made, place, all, dictionary, told)
    : judgeGone(made, all, dictionary, told);
}

type All = readonly (readonly [Name, readonly Character[]])[];

function judgeGone(made: Made, all: All, dictionary: Dictionary, told: () => string): Outcome {
  const left = all.map(([, characters]) => lettersLeft(made, characters, dictionary));
  const most = Math.max(...left);
  // Half is enough, but words that were typed together are none of those that are left.
  const isEnough = most * 3 >= made.letters * 2 && most >= 16;
  hold(!isEnough, () => `${most} letters are there: ${told()}`);
  return "gone";
}

function judgeRest(
  made: Made,
  place: Standing,
  all: All,
  dictionary: Dictionary,
  told: () => string,
): Outcome {
  const isOwn = ({ id }: Character) => isOf(made, id, dictionary);
  const [, characters = []] = all.find(([name]) => name === place.section) ?? [];
  const found = characters.filter(({ at }) => at >= place.from && at < place.to);
  // The same word may stand where a quoted one stood; nobody can tell them apart.
  const spelled = new Set(made.ids.map((id) => dictionary.wordOf(id)));
  const isQuoted = (each: Character) => isOwn(each) || spelled.has(dictionary.wordOf(each.id));
  const own = found.filter(isQuoted);
  // Where it stood, a rest of it and what was typed against it may read like a slip in it.
  const isEnough = place.isKnown ? own.length > 0 : own.length * 2 >= made.letters - 8;
  hold(isEnough, () => `not its own words: ${told()}`);
  const isTight = found.slice(0, WORD).some(isQuoted) && found.slice(-WORD).some(isQuoted);
  hold(isTight, () => `more than its own words: ${told()}`);
  return "changed";
}

/** Is it one of the quoted words, or a copy of one? */
function isOf(made: Made, id: number, dictionary: Dictionary): boolean {
  return made.ids.some((each) => dictionary.rootOf(each) === dictionary.rootOf(id));
}

function hold(holds: boolean | undefined | null | object, told: () => string): asserts holds {
  if (!holds) assert.fail(told());
}

interface Run {
  readonly range: Standing | object;
  readonly isCopy: boolean;
}

/** All places where the quoted words stand whole, in their order and with nothing between. */
function runsOf(
  made: Made,
  section: Name,
  characters: readonly Character[],
  dictionary: Dictionary,
): Run[] {
  const words = wordsOf(characters, dictionary);
  const runs: Run[] = [];
  for (let start = 0; start + made.ids.length <= words.length; start += 1) {
    const run = words.slice(start, start + made.ids.length);
    const isRun = run.every(
      ({ id, isWhole }, i) =>
        isWhole && dictionary.rootOf(id) === dictionary.rootOf(made.ids[i] ?? -1),
    );
    if (!isRun) continue;
    const range = rangeOf(characters, run[0]?.first ?? 0, (run.at(-1)?.last ?? 1) - 1);
    const isCopy = run.some(({ id }, i) => id !== made.ids[i]);
    runs.push({ range: { section, ...range }, isCopy });
  }
  return runs;
}

function rangeIn({ section, from, to }: Standing): object {
  return { section, from, to };
}

/** Does the quotation alone say which passage is meant? If not, it needs its surroundings. */
function saysEnough(made: Made): boolean {
  return made.ids.length >= 3 && made.letters >= 12;
}

/** The letters of three or more whole words that stand in a row in their order. */
function lettersLeft(made: Made, characters: readonly Character[], dictionary: Dictionary): number {
  let [most, letters, words, expected] = [0, 0, 0, 0];
  for (const { id, isWhole, first, last } of wordsOf(characters, dictionary)) {
    const root = dictionary.rootOf(id);
    const number = made.ids.findIndex((each) => dictionary.rootOf(each) === root);
    const { from, to } = rangeOf(characters, first, last - 1);
    if (!isWhole || to - from > last - first || number < expected) {
      [letters, words, expected] = [0, 0, 0];
      continue;
    }
    letters += last - first;
    words += 1;
    expected = number + 1;
    if (words >= 3) most = Math.max(most, letters);
  }
  return most;
}

function tellOf(
  made: Made,
  place: Standing | null,
  all: readonly (readonly [Name, readonly Character[]])[],
  dictionary: Dictionary,
): string {
  const [, characters = []] = all.find(([name]) => name === place?.section) ?? [];
  const text = (some: readonly Character[]) => some.map(({ text }) => text).join("");
  const found = place && characters.filter(({ at }) => at >= place.from && at < place.to);
  const around =
    place && characters.filter(({ at }) => at >= place.from - 70 && at < place.to + 70);
  const words = all.map(([name, some]) => {
    const own = some.filter(({ id }) => isOf(made, id, dictionary));
    return `${name}: ${own.map(({ at, text }) => `${at}${text}`).join(" ")}`;
  });
  return JSON.stringify(
    {
      anchor: made.anchor,
      place,
      found: found && text(found),
      around: around && text(around),
      words,
    },
    null,
    1,
  );
}
