/** Where the others are on the board, and what they carry right now: over presence, never stored. */

import type { Awareness } from "y-protocols/awareness";
import { stampOf } from "../editor/text/cursors";
import type { Point } from "./canvas/viewport";

const CARRY_MS = 100;
const ID = /^[A-Za-z0-9_-]{6,24}$/;
const FAR = 200_000;

export interface Carried {
  name: string;
  colour: string;
  x?: number;
  y?: number;
}

export type Listener = (id: string, carried: Carried | null) => void;

export class Peers {
  private readonly seen = new Map<number, string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: object | null = null;
  private sentAt = 0;
  listener: Listener = () => undefined;

  constructor(private readonly awareness: Awareness) {
    awareness.on("change", this.onChange);
  }

  release(): void {
    clearTimeout(this.timer);
    this.awareness.off("change", this.onChange);
  }

  /** This person is at a note, or at none. */
  at(id: string | null): void {
    this.tell(id ? { note: id } : null);
  }

  /** This person carries a note; the last place of a tenth of a second is told. */
  carry(id: string, { x, y }: Point): void {
    this.tell({ note: id, x: Math.round(x), y: Math.round(y) });
  }

  private tell(cursor: object | null): void {
    this.next = cursor;
    if (this.timer !== undefined) return;
    const wait_ms = Math.max(0, this.sentAt + CARRY_MS - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.sentAt = Date.now();
      this.awareness.setLocalStateField("cursor", this.next);
    }, wait_ms);
  }

  private readonly onChange = (changes: Record<"added" | "updated" | "removed", number[]>) => {
    for (const client of [...changes.added, ...changes.updated, ...changes.removed]) {
      if (client === this.awareness.clientID) continue;
      const state = this.awareness.getStates().get(client);
      const stamp = stampOf(state);
      const cursor = cursorOf(state);
      const before = this.seen.get(client);
      if (before && before !== cursor?.note) this.listener(before, null);
      if (!stamp || !cursor) {
        this.seen.delete(client);
        continue;
      }
      this.seen.set(client, cursor.note);
      this.listener(cursor.note, { name: stamp.name, colour: stamp.colour, ...cursor.place });
    }
  };
}

/** What somebody says of where he is; other people's input. */
function cursorOf(state: unknown): { note: string; place: Partial<Point> } | null {
  const cursor = (state as { cursor?: { note?: unknown; x?: unknown; y?: unknown } } | undefined)
    ?.cursor;
  const note = cursor?.note;
  if (!cursor || typeof note !== "string" || !ID.test(note)) return null;
  const { x, y } = cursor;
  const isPlace = isNear(x) && isNear(y);
  return { note, place: isPlace ? { x, y } : {} };
}

function isNear(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) < FAR;
}
