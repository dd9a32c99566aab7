/** One toolbar for all sections; it acts on the section that was written in last. */

import type * as Y from "yjs";
import { _ } from "../../messages";
import { setLink } from "../text/commands";
import type { Section } from "../text/section";
import { type Button, isSaying, type Saying, toolbarButtons } from "./buttons";
import { askForLink } from "./link-dialog";

const SVG = "http://www.w3.org/2000/svg";
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Toolbar {
  readonly element = document.createElement("div");
  private readonly buttons: [HTMLButtonElement, Button][] = [];
  private section: Section | null = null;

  constructor(
    private readonly undoManager: Y.UndoManager,
    private readonly mayWrite: () => boolean,
    /** Comment on the selected words, or suggest others; null where that is not allowed. */
    private readonly sayings: Readonly<Record<Saying, (() => void) | null>>,
  ) {
    this.element.className = "toolbar";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", _("Text gestalten"));
    for (const group of toolbarButtons()) {
      const usable = group.filter(({ does }) => !isSaying(does) || sayings[does]);
      if (usable.length > 0) this.element.append(this.groupOf(usable));
    }
    this.element.addEventListener("keydown", (event) => this.move(event));
    // Pressing a button must not take the focus, and with it the keyboard of a phone, away.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.refresh();
  }

  /** From now on act on `section`. */
  serve(section: Section): void {
    this.section = section;
    this.refresh();
  }

  /** Show what is on and what can be used, after a change of text, selection or rights. */
  refresh(): void {
    const mayWrite = this.mayWrite();
    this.element.hidden = !mayWrite && !this.sayings.comment && !this.sayings.suggest;
    for (const [element, button] of this.buttons) {
      element.hidden = !mayWrite && !isSaying(button.does);
      element.setAttribute("aria-disabled", String(!this.isUsable(button)));
      const state = this.section?.isTitle === false ? this.section.view.state : null;
      const isOn = state !== null && button.isOn?.(state) === true;
      if (button.isOn) element.setAttribute("aria-pressed", String(isOn));
    }
    const stop = this.buttons.find(([element]) => element.tabIndex === 0)?.[0];
    if (!stop || stop.hidden) this.stopAt(this.buttons.find(([{ hidden }]) => !hidden)?.[0]);
  }

  focus(): void {
    this.element.querySelector<HTMLElement>("[tabindex='0']:not([hidden])")?.focus();
  }

  undo(): void {
    if (this.mayWrite()) this.undoManager.undo();
  }

  redo(): void {
    if (this.mayWrite()) this.undoManager.redo();
  }

  async editLink(): Promise<void> {
    const section = this.section;
    if (!section || section.isTitle || !this.mayWrite()) return;
    const answer = await askForLink(section.view.state);
    if (answer && this.mayWrite()) setLink(answer.href)(section.view.state, section.view.dispatch);
    section.focus();
  }

  private groupOf(group: Button[]): HTMLElement {
    const element = document.createElement("div");
    element.className = "toolbar-group";
    for (const button of group) element.append(this.buttonOf(button));
    return element;
  }

  private buttonOf(button: Button): HTMLButtonElement {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "button quiet";
    element.tabIndex = -1;
    element.title = `${button.label} (${button.keys.replace("Control", _("Strg"))})`;
    element.setAttribute("aria-keyshortcuts", button.keys);
    const label = document.createElement("span");
    label.className = "toolbar-label";
    label.textContent = button.label;
    element.append(iconOf(button.icon), label);
    element.addEventListener("click", () => this.press(button));
    this.buttons.push([element, button]);
    return element;
  }

  private press(button: Button): void {
    if (!this.isUsable(button)) return;
    if (button.does === "link") return void this.editLink();
    if (isSaying(button.does)) return this.sayings[button.does]?.();
    if (button.does === "undo") this.undo();
    else if (button.does === "redo") this.redo();
    else this.section?.view && button.does(this.section.view.state, this.section.view.dispatch);
    // Only a pointer gives the focus back; who came by keyboard stays and leaves with Escape.
    if (!this.element.contains(document.activeElement)) this.section?.focus();
    this.refresh();
  }

  private isUsable(button: Button): boolean {
    if (isSaying(button.does)) return true;
    if (!this.mayWrite()) return false;
    if (button.does === "undo") return this.undoManager.canUndo();
    if (button.does === "redo") return this.undoManager.canRedo();
    if (!this.section || this.section.isTitle) return false;
    return button.does === "link" || button.does(this.section.view.state);
  }

  private move(event: KeyboardEvent): void {
    const elements = this.buttons.map(([element]) => element).filter(({ hidden }) => !hidden);
    const at = elements.indexOf(document.activeElement as HTMLButtonElement);
    const step = STEPS[event.key];
    let target: HTMLButtonElement | undefined;
    if (event.key === "Escape") return this.section?.focus();
    if (event.key === "Home") target = elements[0];
    else if (event.key === "End") target = elements.at(-1);
    else if (step) target = elements[(at + step + elements.length) % elements.length];
    if (!target) return;
    event.preventDefault();
    this.stopAt(target);
    target.focus();
  }

  /** The toolbar is one stop for Tab: the button used last. */
  private stopAt(target: HTMLButtonElement | undefined): void {
    for (const [element] of this.buttons) element.tabIndex = element === target ? 0 : -1;
  }
}

function iconOf(name: string): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  icon.append(use);
  return icon;
}
