/**
 * What can be done with the words that are selected, or in which the cursor stands: a small bar
 * below them. It never takes the selection, never covers it, and is only a shorter way: all of it
 * goes by keyboard too.
 */

import { _ } from "../../messages";
import { say } from "../../status";

const SETTLED_MS = 200;
const GAP_PX = 10;
/** The handles of a touch screen hang below the selection. */
const TOUCH_GAP_PX = 34;
const EDGE_PX = 8;

export interface Deeds {
  /** Is something of the text selected that can be commented on? */
  canComment(): boolean;
  comment(): void;
  /** The comments about the passage in which the cursor stands. */
  commentsHere(): string[];
  goTo(comment: string): void;
}

export class Offer {
  private readonly bar = document.createElement("div");
  private readonly comment = button(_("Kommentieren"));
  private readonly onward = button(_("Zum Kommentar"));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isTouch = false;
  private isTold = false;

  constructor(private readonly deeds: Deeds) {
    this.bar.className = "passage-offer on-screen";
    this.bar.hidden = true;
    this.bar.append(this.comment, this.onward);
    this.bar.addEventListener("pointerdown", (event) => event.preventDefault());
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.comment.addEventListener("click", () => this.act(() => deeds.comment()));
    this.onward.addEventListener("click", () => this.act(() => this.follow()));
    document.body.append(this.bar);
    document.addEventListener("pointerdown", ({ pointerType }) => {
      this.isTouch = pointerType === "touch";
    });
    document.addEventListener("selectionchange", () => this.settle());
    addEventListener("scroll", () => this.place(), { passive: true });
    addEventListener("resize", () => this.place());
  }

  /** Selecting goes on while a finger or a mouse moves; the bar waits until it rests. */
  private settle(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), SETTLED_MS);
  }

  private show(): void {
    const canComment = this.deeds.canComment();
    const count = this.deeds.commentsHere().length;
    this.comment.hidden = !canComment;
    this.onward.hidden = canComment || count === 0;
    this.bar.hidden = !canComment && count === 0;
    this.place();
    if (this.bar.hidden || !canComment || this.isTold) return;
    this.isTold = true;
    say(_("Zum Kommentieren der Auswahl: Strg + Alt + M"));
  }

  private place(): void {
    if (this.bar.hidden) return;
    const selection = document.getSelection();
    const rects = selection?.rangeCount ? [...selection.getRangeAt(0).getClientRects()] : [];
    const [first, last] = [rects[0], rects.at(-1)];
    if (!first || !last) {
      this.bar.hidden = true;
      return;
    }
    const gap = this.isTouch ? TOUCH_GAP_PX : GAP_PX;
    const { offsetHeight: height, offsetWidth: width } = this.bar;
    const isRoomBelow = last.bottom + gap + height < innerHeight;
    const top = isRoomBelow ? last.bottom + gap : Math.max(first.top - gap - height, EDGE_PX);
    const left = Math.min(last.right - width / 2, innerWidth - width - EDGE_PX);
    this.bar.style.top = `${top + scrollY}px`;
    this.bar.style.left = `${Math.max(left, EDGE_PX) + scrollX}px`;
  }

  private act(deed: () => void): void {
    deed();
    this.bar.hidden = true;
  }

  private follow(): void {
    const [comment] = this.deeds.commentsHere();
    if (comment) this.deeds.goTo(comment);
  }
}

function button(text: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button";
  element.textContent = text;
  return element;
}
