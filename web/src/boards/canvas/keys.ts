/**
 * The canvas by keyboard: one stop of the Tab key; arrows go from note to note, with Shift they
 * move it. What was moved is written when the keys rest.
 */

import { _ } from "../../messages";
import { say } from "../../status";
import type { Thing } from "../things";
import { nameOf } from "../view";
import type { Canvas } from "./canvas";
import { lay } from "./paper";

const STEP = 24;
const REST_MS = 500;

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export class Keys {
  private reached: string | null = null;
  private moving: { id: string; x: number; y: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly canvas: Canvas) {
    canvas.element.addEventListener("keydown", (event) => {
      const isField = event.target instanceof HTMLTextAreaElement;
      if (!isField && !event.altKey && this.act(event)) event.preventDefault();
    });
    canvas.element.addEventListener("focusout", () => this.settle());
  }

  /** The Tab key leads to this note from now on. */
  reach(id: string): void {
    if (this.reached !== id) this.elementOf(this.reached)?.setAttribute("tabindex", "-1");
    this.reached = id;
    this.elementOf(id)?.setAttribute("tabindex", "0");
  }

  /** Let the Tab key lead somewhere as long as there is anything. */
  keepReach(): void {
    const { board } = this.canvas.around;
    if (board.get(this.reached)) return;
    const first = board.notes()[0] ?? board.groups[0];
    if (first) this.reach(first.id);
  }

  forget(id: string): void {
    if (this.moving?.id === id) this.moving = null;
    if (this.reached === id) this.reached = null;
  }

  /** What had the focus is gone: go on nearby instead of at the top of the page. */
  focusReached(): void {
    this.keepReach();
    this.elementOf(this.reached)?.focus({ preventScroll: true });
  }

  private act(event: KeyboardEvent): boolean {
    const { around } = this.canvas;
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (isCommand) return this.command(key, event.shiftKey);
    if (key === "n") return done(() => around.addNote(this.canvas.viewport.middle));
    if (key === "+" || key === "-")
      return done(() => this.canvas.viewport.zoomStep(key === "+" ? 1 : -1));
    if (key === "0") return done(() => this.canvas.fit());
    const thing = around.board.get(this.canvas.idOf(event.target));
    if (!thing) return false;
    const arrow = ARROWS[key];
    if (arrow && event.shiftKey) return done(() => this.move(thing, arrow));
    if (arrow) return done(() => this.go(thing, arrow));
    switch (key) {
      case "Enter":
      case "F2":
        // Enter on a button of the note is the button's.
        if (event.target instanceof HTMLButtonElement) return false;
        return done(() => this.canvas.edit(thing.id));
      case ".":
      case "m":
        return done(() => around.openSheet(thing.id));
      case "Delete":
      case "Backspace":
        return done(() => around.remove(thing.id));
      default:
        return false;
    }
  }

  private command(key: string, isShift: boolean): boolean {
    const { around } = this.canvas;
    if (key === "z") return done(() => (isShift ? around.redo() : around.undo()));
    if (key === "y") return done(() => around.redo());
    return false;
  }

  /** To the nearest thing in this direction. */
  private go(from: Thing, { x, y }: { x: number; y: number }): void {
    const { board } = this.canvas.around;
    const here = this.placeOf(from);
    let best: Thing | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const each of [...board.groups, ...board.notes()]) {
      const there = this.placeOf(each);
      const along = (there.x - here.x) * x + (there.y - here.y) * y;
      const across = Math.abs((there.x - here.x) * y) + Math.abs((there.y - here.y) * x);
      if (each.id === from.id || along <= 4) continue;
      const distance = along + 3 * across;
      if (distance < least) [best, least] = [each, distance];
    }
    if (best) this.canvas.focus(best.id);
  }

  private move(thing: Thing, arrow: { x: number; y: number }): void {
    const { around, viewport, peers } = this.canvas;
    if (!around.mayWrite()) return;
    const element = this.elementOf(thing.id);
    if (!element) return;
    if (thing.kind === "note" && thing.group !== null) {
      say(_("In einer Gruppe ordnen Sie Zettel über „Mehr“."));
      return;
    }
    const from = this.moving?.id === thing.id ? this.moving : thing;
    this.moving = { id: thing.id, x: from.x + STEP * arrow.x, y: from.y + STEP * arrow.y };
    lay(element, this.moving);
    if (thing.kind === "note") peers.carry(thing.id, this.moving);
    viewport.reveal(this.canvas.boxOf(element));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST_MS);
  }

  private settle(): void {
    clearTimeout(this.timer);
    const moving = this.moving;
    this.moving = null;
    const thing = this.canvas.around.board.get(moving?.id ?? null);
    if (!moving || !thing) return;
    this.canvas.around.board.set(thing.id, { x: moving.x, y: moving.y });
    this.canvas.peers.at(thing.id);
    say(_("Verschoben: %(name)s", { name: nameOf(thing, _("leer")) }));
  }

  private placeOf(thing: Thing): { x: number; y: number } {
    const element = this.elementOf(thing.id);
    return element ? this.canvas.boxOf(element) : thing;
  }

  private elementOf(id: string | null): HTMLElement | null {
    return id === null ? null : this.canvas.elementOf(id);
  }
}

function done(act: () => void): true {
  act();
  return true;
}
