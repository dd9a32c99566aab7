// A board on a page of its own, with notes, and acts of other people that the bench calls.
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { boardSurface } from "../../web/src/boards/desk";

const PEOPLE = 40;
const WORDS = ["Radweg an der Schule", "Mehr Bänke im Park 😀", "Ein Lastenrad für den Kiez, das alle leihen können"];
const COLOURS = ["yellow", "orange", "rose", "green", "blue", "grey"];

const far = new Y.Doc();
const near = new Y.Doc();
const root = far.getXmlFragment("notes");
let waiting: Uint8Array[] = [];
far.on("update", (update: Uint8Array) => waiting.push(update));

function note(at: number): void {
  const made = new Y.XmlElement("note");
  const place = { x: (at % 25) * 208, y: Math.floor(at / 25) * 160 };
  const all = { id: `note-${at}`, colour: COLOURS[at % 6], ...place };
  for (const [key, value] of Object.entries(all)) made.setAttribute(key, value as string);
  made.insert(0, [new Y.XmlText(WORDS[at % 3])]);
  root.push([made]);
}

const ACTS: Record<string, (element: Y.XmlElement, frame: number, who: number) => void> = {
  move: (element, frame, who) => {
    element.setAttribute("x", ((frame * 7 + who * 131) % 5000) as unknown as string);
    element.setAttribute("y", ((frame * 3 + who * 71) % 3000) as unknown as string);
  },
  type: (element) => (element.get(0) as Y.XmlText).insert(0, "x"),
  colour: (element, frame) => element.setAttribute("colour", COLOURS[frame % 6] as string),
};

/** So many frames, in each of which everybody does something; returns the gaps between them. */
async function run(act: string, frames: number): Promise<number[]> {
  const notes = root.toArray() as Y.XmlElement[];
  const gaps: number[] = [];
  let last = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    waiting = [];
    const deed = ACTS[act];
    for (let who = 0; deed && who < PEOPLE; who++)
      deed(notes[(frame * PEOPLE + who) % notes.length] as Y.XmlElement, frame, who);
    for (const update of waiting) Y.applyUpdate(near, update, "remote");
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}

function open(notes: number): void {
  for (let at = 0; at < notes; at++) note(at);
  Y.applyUpdate(near, Y.encodeStateAsUpdate(far), "remote");
  const company = { isFrozen: () => false, isSilent: () => false, marksOf: () => "", extra: () => null };
  const place = document.getElementById("notes-board") as HTMLElement;
  const material = { doc: near, awareness: new Awareness(near), mayWrite: () => true };
  boardSurface(company, () => undefined).mount(place, material);
}

Object.assign(window, { bench: { open, run } });
