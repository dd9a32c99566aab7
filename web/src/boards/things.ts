/** The notes and groups of a board as they lie in its document, and in which order they are read. */

import * as Y from "yjs";
import { wordsOf } from "./text";

export const NOTES_MAX = 1_000;
export const GROUPS_MAX = 60;
export const TEXT_MAX = 500;
export const LABEL_MAX = 40;
export const ROW = 160;
export const COLOURS = ["yellow", "orange", "rose", "green", "blue", "grey"] as const;
const POSITION_MAX = 100_000;
const ID = /^[A-Za-z0-9_-]{6,24}$/;

export type Colour = (typeof COLOURS)[number];

export interface Note {
  readonly kind: "note";
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly colour: Colour;
  /** A group that is there, or null. */
  readonly group: string | null;
  readonly label: string;
}

export interface Group {
  readonly kind: "group";
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export type Thing = Note | Group;

/** What an element is, as it is shown. */
export function thingOf(element: Y.XmlElement, living: ReadonlyMap<string, Y.XmlElement>): Thing {
  const words = wordsOf(textIn(element));
  const text = words.length > TEXT_MAX ? [...words].slice(0, TEXT_MAX).join("") : words;
  const place = { x: numberIn(element, "x"), y: numberIn(element, "y") };
  const id = idOf(element);
  if (element.nodeName === "group") return { kind: "group", id, text, ...place };
  const colour = element.getAttribute("colour") as Colour | undefined;
  const group = (element.getAttribute("group") as string | null | undefined) ?? "";
  return {
    kind: "note",
    id,
    text,
    ...place,
    colour: colour && COLOURS.includes(colour) ? colour : COLOURS[0],
    group: living.get(group)?.nodeName === "group" ? group : null,
    label: String(element.getAttribute("label") ?? "").slice(0, LABEL_MAX),
  };
}

/** Row by row, in a row from left to right, as the server reads a board. */
export function byPlace(one: Thing, other: Thing): number {
  return (
    Math.floor(one.y / ROW) - Math.floor(other.y / ROW) ||
    one.x - other.x ||
    one.y - other.y ||
    (one.id < other.id ? -1 : 1)
  );
}

/** The elements by their names: the first of a name holds it, up to the bounds. */
export function heldNames(root: Y.XmlFragment): Map<string, Y.XmlElement> {
  const held = new Map<string, Y.XmlElement>();
  const left: Record<string, number> = { note: NOTES_MAX, group: GROUPS_MAX };
  const seen = new Set<string>();
  for (const element of root.toArray()) {
    if (!(element instanceof Y.XmlElement)) continue;
    const id = idOf(element);
    if (!ID.test(id) || seen.has(id)) continue;
    seen.add(id);
    const room = left[element.nodeName] ?? 0;
    if (room === 0) continue;
    left[element.nodeName] = room - 1;
    held.set(id, element);
  }
  return held;
}

export function textIn(element: Y.XmlElement): Y.XmlText | null {
  return (element.toArray().find((each) => each instanceof Y.XmlText) as Y.XmlText) ?? null;
}

export function idOf(element: Y.XmlElement): string {
  return String(element.getAttribute("id") ?? "");
}

function numberIn(element: Y.XmlElement, key: string): number {
  const value: unknown = element.getAttribute(key);
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

export function isSame(one: Thing | undefined, other: Thing): boolean {
  if (!one) return false;
  const keys = Object.keys(other) as (keyof Thing)[];
  return keys.every((key) => one[key] === other[key]);
}

export function rounded(at: { x: number; y: number }): { x: number; y: number } {
  return { x: bounded(at.x), y: bounded(at.y) };
}

export function bounded(value: number): number {
  return Math.max(-POSITION_MAX, Math.min(POSITION_MAX, Math.round(value)));
}

/** A name that nobody else will think of: sixteen letters of chance. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
