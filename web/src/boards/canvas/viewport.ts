/** The part of a canvas that is seen: moving and zooming it, and where the window's points lie. */

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

const SCALE_MIN = 0.2;
const SCALE_MAX = 2;
const STEP = 1.25;
const MARGIN = 24;

export class Viewport {
  scale = 1;
  private x = MARGIN;
  private y = MARGIN;
  private frame = 0;
  /** What the world is drawn by; the newest wish may be a frame ahead of it. */
  private drawn = { x: MARGIN, y: MARGIN, scale: 1 };

  constructor(
    private readonly window: HTMLElement,
    private readonly world: HTMLElement,
    private readonly onScale: (scale: number) => void,
  ) {
    window.addEventListener("wheel", this.onWheel, { passive: false });
    this.apply();
  }

  /** Where a point of the browser's window lies in the world. */
  toWorld(clientX: number, clientY: number): Point {
    const { left, top } = this.window.getBoundingClientRect();
    const { x, y, scale } = this.drawn;
    return { x: (clientX - left - x) / scale, y: (clientY - top - y) / scale };
  }

  /** Where an element lies in the world. */
  boxOf(element: HTMLElement): Box {
    const { left, top, width, height } = element.getBoundingClientRect();
    const { scale } = this.drawn;
    return { ...this.toWorld(left, top), width: width / scale, height: height / scale };
  }

  /** A free place to begin in: the middle of what is seen. */
  get middle(): Point {
    const { left, top, width, height } = this.window.getBoundingClientRect();
    return this.toWorld(left + width / 2, top + height / 2);
  }

  pan(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
    this.later();
  }

  /** Zoom so that the point below stays where it is. */
  zoom(factor: number, clientX?: number, clientY?: number): void {
    const { left, top, width, height } = this.window.getBoundingClientRect();
    const [atX, atY] = [(clientX ?? left + width / 2) - left, (clientY ?? top + height / 2) - top];
    const scale = clamped(this.scale * factor, SCALE_MIN, SCALE_MAX);
    this.x = atX - ((atX - this.x) / this.scale) * scale;
    this.y = atY - ((atY - this.y) / this.scale) * scale;
    this.scale = scale;
    this.later();
  }

  zoomStep(direction: 1 | -1): void {
    this.zoom(direction > 0 ? STEP : 1 / STEP);
  }

  /** Show all of this box, no larger than it is and no smaller than `least`, from its top left. */
  fit(box: Box, least = SCALE_MIN): void {
    const { width, height } = this.window.getBoundingClientRect();
    if (width === 0) return;
    const inner = { width: width - 2 * MARGIN, height: height - 2 * MARGIN };
    const scale = Math.min(inner.width / box.width, inner.height / box.height);
    this.scale = clamped(scale, least, 1);
    const left = Math.max(MARGIN, (width - box.width * this.scale) / 2);
    this.x = left - box.x * this.scale;
    this.y = MARGIN - box.y * this.scale;
    this.apply();
  }

  /** Move no more than needed for this box to be seen. */
  reveal(box: Box): void {
    const { width, height } = this.window.getBoundingClientRect();
    const left = box.x * this.scale + this.x;
    const top = box.y * this.scale + this.y;
    const right = left + box.width * this.scale;
    const bottom = top + box.height * this.scale;
    const dx = left < MARGIN ? MARGIN - left : Math.min(0, width - MARGIN - right);
    const dy = top < MARGIN ? MARGIN - top : Math.min(0, height - MARGIN - bottom);
    if (!dx && !dy) return;
    this.pan(dx, dy);
    this.apply();
  }

  private readonly onWheel = (event: WheelEvent) => {
    const isZoom = event.ctrlKey || event.metaKey;
    // Who only passes by with the wheel scrolls the page.
    if (!isZoom && !this.window.contains(document.activeElement)) return;
    event.preventDefault();
    if (isZoom) this.zoom(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
    else this.pan(-event.deltaX, -event.deltaY);
  };

  private later(): void {
    this.frame ||= requestAnimationFrame(() => this.apply());
  }

  private apply(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { x, y, scale } = this;
    this.drawn = { x, y, scale };
    this.world.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.onScale(scale);
  }
}

function clamped(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
