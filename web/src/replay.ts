/**
 * Replaying how a text came about: a slider and a play button beside the links that are there
 * without a script. Playing stops at the end, when somebody takes over, and when the page is hidden.
 */

import { fetchMarkup } from "./live/markup";
import { _ } from "./messages";
import { say } from "./status";

const STEP_MS = 2500;
/** Who wants less motion gets more time for each step. */
const CALM_STEP_MS = 6000;

function startReplay(): void {
  const box = document.querySelector<HTMLElement>("[data-replay]");
  const slider = box?.querySelector<HTMLInputElement>("input[type=range]");
  const button = box?.querySelector<HTMLButtonElement>("[data-replay-play]");
  if (box?.dataset.replay && slider && button) new Replay(box.dataset.replay, slider, button);
  if (box) box.hidden = false;
}

class Replay {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: string,
    private readonly slider: HTMLInputElement,
    private readonly button: HTMLButtonElement,
  ) {
    this.name();
    slider.addEventListener("input", () => {
      this.stop();
      this.name();
    });
    slider.addEventListener("change", () => void this.show(slider.valueAsNumber));
    button.addEventListener("click", () => (this.timer === undefined ? this.play() : this.stop()));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop();
    });
    document.addEventListener("click", (event) => this.follow(event));
    addEventListener("popstate", () => {
      const step = Number(new URLSearchParams(location.search).get("step") ?? "1");
      this.stop();
      void this.show(step, false);
    });
  }

  /** A link to another step changes the step only, so that the slider keeps its focus. */
  private follow(event: MouseEvent): void {
    const link = event.target instanceof Element && event.target.closest("[data-replay-to]");
    if (!(link instanceof HTMLAnchorElement) || event.button || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault();
    this.stop();
    const rel = link.rel;
    void this.show(Number(link.dataset.replayTo)).then(() => {
      const links = document.querySelectorAll<HTMLAnchorElement>("[data-replay-to]");
      const same = [...links].find((each) => each.rel === rel && rel !== "");
      (same ?? links[0])?.focus();
    });
  }

  private play(): void {
    this.button.textContent = _("Anhalten");
    this.timer = this.later();
    if (this.isAtEnd()) void this.show(1);
  }

  private later(): ReturnType<typeof setTimeout> {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return setTimeout(() => void this.advance(), calm ? CALM_STEP_MS : STEP_MS);
  }

  private async advance(): Promise<void> {
    await this.show(this.slider.valueAsNumber + 1);
    if (this.timer === undefined) return;
    if (this.isAtEnd()) this.stop();
    else this.timer = this.later();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.button.textContent = _("Abspielen");
  }

  private isAtEnd(): boolean {
    return this.slider.valueAsNumber >= Number(this.slider.max);
  }

  private name(): void {
    const mark = this.slider.list?.querySelector(`option[value="${this.slider.value}"]`);
    this.slider.setAttribute("aria-valuetext", mark?.getAttribute("label") ?? this.slider.value);
  }

  private async show(step: number, noted = true): Promise<void> {
    this.slider.value = String(step);
    this.name();
    const path = `${this.address}?step=${step}`;
    const fresh = await fetchMarkup(path);
    const wanted = fresh?.querySelector("[data-replay-step]");
    // Meanwhile the slider may have been moved on; then a newer answer is on its way.
    if (!wanted || this.slider.valueAsNumber !== step) return;
    const region = document.querySelector("[data-replay-step]");
    region?.replaceChildren(
      ...[...wanted.childNodes].map((each) => document.importNode(each, true)),
    );
    if (document.activeElement !== this.slider)
      say(this.slider.getAttribute("aria-valuetext") ?? "");
    if (noted) history.replaceState(history.state, "", path);
  }
}

startReplay();
