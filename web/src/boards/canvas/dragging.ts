/**
 * Pointers on the canvas: a note follows the finger or the mouse and is written once, where it is
 * let go; on a group it joins that. The ground moves the canvas, two fingers zoom it.
 */

import { _ } from "../../messages";
import { say } from "../../status";
import { nameOf } from "../view";
import type { Canvas } from "./canvas";
import { lay } from "./paper";
import type { Point } from "./viewport";

/** A pointer that moves less has only pressed. */
const SLIP_PX = 5;
const TAP_MS = 350;
const TAP_PX = 24;

interface Held {
  pointer: number;
  id: string | null;
  start: Point;
  last: Point;
  /** From the note's corner to the pointer, in the world. */
  grip: Point;
  isMoving: boolean;
  groups: [string, DOMRect][];
}

export class Dragging {
  private held: Held | null = null;
  private readonly fingers = new Map<number, Point>();
  private lastTap: (Point & { at: number }) | null = null;
  private over: string | null = null;
  private frame = 0;

  constructor(private readonly canvas: Canvas) {
    const { element } = canvas;
    element.addEventListener("pointerdown", this.onDown);
    element.addEventListener("pointermove", this.onMove);
    element.addEventListener("pointerup", this.onUp);
    element.addEventListener("pointercancel", this.onCancel);
    element.addEventListener("dblclick", (event) => {
      const id = canvas.idOf(event.target);
      if (id) canvas.edit(id);
    });
  }

  /** What is being dragged. */
  get id(): string | null {
    return this.held?.isMoving ? this.held.id : null;
  }

  /** It was taken away by somebody while it was dragged. */
  drop(id: string): void {
    if (this.held?.id === id) this.letGo();
  }

  release(): void {
    this.letGo();
  }

  private readonly onDown = (event: PointerEvent) => {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest("button, textarea")) return;
    this.fingers.set(event.pointerId, point(event));
    if (this.fingers.size > 1) return this.letGo();
    const id = this.canvas.idOf(target);
    const element = id ? this.canvas.elementOf(id) : null;
    const at = this.canvas.viewport.toWorld(event.clientX, event.clientY);
    const box = element ? this.canvas.boxOf(element) : at;
    this.held = {
      pointer: event.pointerId,
      id,
      start: point(event),
      last: point(event),
      grip: { x: at.x - box.x, y: at.y - box.y },
      isMoving: false,
      groups: [],
    };
    element?.focus({ preventScroll: true });
    if (!id && document.activeElement instanceof HTMLElement && this.canvas.editing.id)
      document.activeElement.blur();
  };

  private readonly onMove = (event: PointerEvent) => {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    if (this.fingers.size === 2) return this.pinch(event);
    this.fingers.set(event.pointerId, point(event));
    const held = this.held;
    if (!held || held.pointer !== event.pointerId) return;
    if (!held.isMoving && distance(held.start, point(event)) < SLIP_PX) return;
    if (!held.isMoving) this.begin(held);
    const [dx, dy] = [event.clientX - held.last.x, event.clientY - held.last.y];
    held.last = point(event);
    if (held.id === null) this.canvas.viewport.pan(dx, dy);
    else this.frame ||= requestAnimationFrame(() => this.follow());
  };

  private readonly onUp = (event: PointerEvent) => {
    this.fingers.delete(event.pointerId);
    const held = this.held;
    if (!held || held.pointer !== event.pointerId) return;
    if (held.isMoving && held.id) this.put(held, held.id);
    else if (!held.isMoving) this.tap(held);
    this.letGo();
  };

  private readonly onCancel = (event: PointerEvent) => {
    this.fingers.delete(event.pointerId);
    this.letGo();
  };

  private begin(held: Held): void {
    if (held.id !== null && !this.canvas.around.mayWrite()) held.id = null;
    held.isMoving = true;
    this.canvas.element.setPointerCapture(held.pointer);
    this.canvas.element.classList.add("is-dragging");
    const element = held.id ? this.canvas.elementOf(held.id) : null;
    if (!held.id || !element) return;
    held.groups = this.canvas.groupRects().filter(([id]) => id !== held.id);
    element.classList.add("is-held");
    // Out of its group at once, so that it lies under the hand.
    if (this.canvas.around.board.note(held.id) && element.parentElement !== this.canvas.top) {
      const isFocused = element.contains(document.activeElement);
      this.canvas.top.append(element);
      if (isFocused) element.focus({ preventScroll: true });
    }
  }

  private follow(): void {
    this.frame = 0;
    const held = this.held;
    const element = held?.id ? this.canvas.elementOf(held.id) : null;
    if (!held?.id || !element) return;
    const at = this.placeOf(held);
    lay(element, at);
    if (!this.canvas.around.board.note(held.id)) return;
    this.canvas.peers.carry(held.id, at);
    this.mark(this.groupAt(held));
  }

  private put(held: Held, id: string): void {
    const { board } = this.canvas.around;
    if (!this.canvas.around.mayWrite()) return;
    const at = this.placeOf(held);
    const note = board.note(id);
    const group = note ? this.groupAt(held) : null;
    this.held = null;
    board.undo.stopCapturing();
    if (note) board.set(id, { ...at, group });
    else board.set(id, at);
    board.undo.stopCapturing();
    this.canvas.putBack(id);
    this.canvas.peers.at(id);
    const title = board.get(group);
    if (title && note?.group !== group)
      say(_("In der Gruppe: %(name)s", { name: nameOf(title, _("ohne Namen")) }));
  }

  /** Two taps on the ground make a note, two on a note open it. */
  private tap(held: Held): void {
    const now = Date.now();
    const last = this.lastTap;
    const isSecond = last && now - last.at < TAP_MS && distance(last, held.start) < TAP_PX;
    this.lastTap = isSecond ? null : { ...held.start, at: now };
    if (!isSecond) return;
    if (held.id) this.canvas.edit(held.id);
    else this.canvas.around.addNote(this.canvas.viewport.toWorld(held.start.x, held.start.y));
  }

  private pinch(event: PointerEvent): void {
    const [one, other] = [...this.fingers.values()] as [Point, Point];
    const before = distance(one, other);
    const middle = between(one, other);
    this.fingers.set(event.pointerId, point(event));
    const [now, then] = [...this.fingers.values()] as [Point, Point];
    const after = between(now, then);
    this.canvas.viewport.pan(after.x - middle.x, after.y - middle.y);
    if (before > 0) this.canvas.viewport.zoom(distance(now, then) / before, after.x, after.y);
  }

  private letGo(): void {
    const held = this.held;
    this.held = null;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.mark(null);
    this.canvas.element.classList.remove("is-dragging");
    for (const each of this.canvas.element.querySelectorAll(".is-held"))
      each.classList.remove("is-held");
    if (!held?.isMoving || !held.id) return;
    this.canvas.putBack(held.id);
    this.canvas.peers.at(held.id);
  }

  private placeOf(held: Held): Point {
    const at = this.canvas.viewport.toWorld(held.last.x, held.last.y);
    return { x: Math.round(at.x - held.grip.x), y: Math.round(at.y - held.grip.y) };
  }

  private groupAt({ last, groups }: Held): string | null {
    const isIn = ({ left, right, top, bottom }: DOMRect) =>
      last.x >= left && last.x <= right && last.y >= top && last.y <= bottom;
    return groups.find(([, rect]) => isIn(rect))?.[0] ?? null;
  }

  private mark(group: string | null): void {
    if (group === this.over) return;
    if (this.over) this.canvas.elementOf(this.over)?.classList.remove("is-over");
    if (group) this.canvas.elementOf(group)?.classList.add("is-over");
    this.over = group;
  }
}

function point({ clientX, clientY }: PointerEvent): Point {
  return { x: clientX, y: clientY };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function between(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
