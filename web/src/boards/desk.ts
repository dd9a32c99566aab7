/** A board on its page: the tools above, canvas or list below, and what is said of changes. */

import type { Material, Mounted, Surface } from "../editor/surface";
import { _, ngettext } from "../messages";
import { say } from "../status";
import { Board, type Changes } from "./board";
import { Canvas } from "./canvas/canvas";
import { List, placeBehind } from "./list";
import { Peers } from "./peers";
import { Sheet } from "./sheet";
import type { Thing } from "./things";
import { type Around, button, made, type View, type Vote } from "./view";

const VIEW = "arena:boards-view";
/** A board opens no smaller than this: notes can be read, and buttons be hit. */
const READABLE = 0.75;
const SILENT = "form[data-silent] textarea";
const NARROW = "(max-width: 48rem)";

/** What a page lays around a board: dots, ways to ideas, the end of writing. */
export interface Company {
  /** Whether writing rests for everybody. */
  isFrozen(): boolean;
  /** Whether new notes are hidden until all are shown; then the page has a form for them. */
  isSilent(): boolean;
  marksOf(id: string): string;
  voteOn(id: string): Vote | null;
  extra(thing: Thing, close: () => void): HTMLElement | null;
}

/** A board, written on its canvas and in its list. It deletes nothing that it does not know. */
export function boardSurface(company: Company, onDesk: (desk: BoardDesk) => void): Surface {
  return {
    misfitOf: () => null,
    misfitIn: () => null,
    mount: (place, material) => {
      const desk = new BoardDesk(place, material, company);
      onDesk(desk);
      return desk;
    },
  };
}

export class BoardDesk implements Mounted, Around {
  readonly board: Board;
  private readonly peers: Peers;
  private readonly sheet: Sheet;
  private readonly bar = made("div", "boards-bar");
  private readonly stage = made("div", "boards-stage");
  private readonly scale = made("span", "boards-scale");
  private readonly toggle: HTMLElement;
  private readonly addButton = button(
    _("Neuer Zettel"),
    () => this.addNote(this.view instanceof Canvas ? this.view.viewport.middle : undefined),
    "",
    "button primary",
  );
  private readonly canvasTools = made("div", "boards-tools");
  private readonly writing: HTMLElement[] = [];
  private view: View;

  constructor(
    place: HTMLElement,
    private readonly material: Material,
    private readonly company: Company,
  ) {
    this.board = new Board(material.doc, (changes) => this.show(changes));
    this.peers = new Peers(material.awareness);
    this.peers.listener = (id, carried) => {
      if (this.view instanceof Canvas) this.view.showCarried(id, carried);
    };
    this.sheet = new Sheet(this.board, {
      mayWrite: () => this.mayWrite(),
      remove: (id) => this.remove(id),
      focus: (id) => this.view.focus(id),
      extra: (thing, close) => company.extra(thing, close),
    });
    this.toggle = button("", () => this.turn());
    this.fillBar();
    const host = place.querySelector<HTMLElement>("[data-section]");
    host?.replaceChildren(this.bar, this.stage);
    this.view = this.openView(isListWanted());
    this.refresh();
  }

  mayWrite(): boolean {
    return this.material.mayWrite() && !this.company.isFrozen();
  }

  isSilent(): boolean {
    return this.company.isSilent();
  }

  marksOf(id: string): string {
    return this.company.marksOf(id);
  }

  voteOn(id: string): Vote | null {
    return this.company.voteOn(id);
  }

  refresh(): void {
    for (const each of this.writing) each.toggleAttribute("disabled", !this.mayWrite());
    this.view.refresh();
  }

  freeze(): void {
    this.view.release();
    this.peers.release();
    this.sheet.release();
    this.board.release();
    this.bar.remove();
  }

  openSheet(id: string): void {
    this.sheet.open(id);
  }

  addNote(at?: { x: number; y: number }): void {
    if (!this.mayWrite()) return;
    // What is written now stays hidden, so it is not written here.
    if (this.company.isSilent()) return document.querySelector<HTMLElement>(SILENT)?.focus();
    const id = this.board.addNote(at ?? placeBehind(this.board.notes(null)));
    if (id === null) return say(_("Die Zettelwand ist voll: Mehr Zettel fasst sie nicht."));
    this.begin(id);
  }

  remove(id: string): void {
    if (!this.mayWrite() || !this.board.get(id)) return;
    this.board.remove(id);
    say(_("Gelöscht. Mit „Rückgängig“ kommt es wieder."));
  }

  undo(): void {
    if (this.mayWrite())
      say(this.board.undo.undo() ? _("Rückgängig gemacht") : _("Nichts mehr da"));
  }

  redo(): void {
    if (this.mayWrite()) say(this.board.undo.redo() ? _("Wiederholt") : _("Nichts mehr da"));
  }

  private addGroup(): void {
    if (!this.mayWrite()) return;
    const last = this.board.groups.at(-1);
    const middle = this.view instanceof Canvas ? this.view.viewport.middle : null;
    const at = middle ?? { x: (last?.x ?? -440) + 440, y: last?.y ?? 0 };
    const id = this.board.addGroup(at);
    if (id === null) return say(_("Mehr Gruppen fasst sie nicht."));
    this.begin(id);
  }

  /** What was just made is shown at once and written in. */
  private begin(id: string): void {
    this.view.show({ changed: new Set([id]), removed: new Set() });
    if (this.view instanceof Canvas) this.view.fresh.add(id);
    this.view.edit(id);
  }

  private show(changes: Changes): void {
    this.view.show(changes);
    for (const id of changed(changes)) if (!this.board.get(id)) this.sheet.drop(id);
    this.announce(changes);
  }

  /** How much came and went, not what: forty people at once are no reading aloud. */
  private announce({ changed, removed }: Changes): void {
    const came = [...changed].filter((id) => !this.known.has(id) && !this.board.made.has(id));
    const words = (n: number) => ngettext("%(n)s neuer Zettel", "%(n)s neue Zettel", n);
    const notes = came.filter((id) => this.board.note(id)).length;
    if (notes > 0) say({ of: "notes", n: notes, words });
    for (const id of changed) this.known.add(id);
    for (const id of removed) this.known.delete(id);
  }

  private readonly known = new Set<string>();

  private fillBar(): void {
    for (const each of [...this.board.groups, ...this.board.notes()]) this.known.add(each.id);
    const group = button(_("Neue Gruppe"), () => this.addGroup());
    const undo = button("↶", () => this.undo(), _("Rückgängig"), "button icon-only");
    const redo = button("↷", () => this.redo(), _("Wiederholen"), "button icon-only");
    this.writing.push(this.addButton, group, undo, redo);
    const canvas = (act: (view: Canvas) => void) => () => {
      if (this.view instanceof Canvas) act(this.view);
    };
    this.canvasTools.append(
      button(
        "−",
        canvas((view) => view.viewport.zoomStep(-1)),
        _("Kleiner"),
        "button icon-only",
      ),
      this.scale,
      button(
        "+",
        canvas((view) => view.viewport.zoomStep(1)),
        _("Größer"),
        "button icon-only",
      ),
      button(
        _("Alles zeigen"),
        canvas((view) => view.fit()),
      ),
    );
    const help = made("details", "fold boards-help");
    help.append(made("summary", "", _("Tasten")));
    help.append(made("p", "", KEYS()));
    this.canvasTools.append(help);
    this.bar.append(this.toggle, this.addButton, group, undo, redo, this.canvasTools);
  }

  private turn(): void {
    const isList = !(this.view instanceof List);
    try {
      sessionStorage.setItem(VIEW, isList ? "list" : "canvas");
    } catch {
      // Then it is asked again next time.
    }
    this.view.release();
    this.view = this.openView(isList);
    this.refresh();
    say(isList ? _("Als Liste") : _("Als Wand"));
  }

  private openView(isList: boolean): View {
    this.toggle.textContent = isList ? _("Als Wand zeigen") : _("Als Liste zeigen");
    this.canvasTools.hidden = isList;
    // The list has a field for the next note.
    this.addButton.hidden = isList;
    const view = isList
      ? new List(this)
      : new Canvas(this, this.peers, (scale) => {
          this.scale.textContent = `${Math.round(scale * 100)} %`;
        });
    this.stage.replaceChildren(view.element);
    if (view instanceof Canvas) view.fit(READABLE);
    return view;
  }
}

function isListWanted(): boolean {
  try {
    const chosen = sessionStorage.getItem(VIEW);
    if (chosen) return chosen === "list";
  } catch {
    // Where nothing is kept, the window decides.
  }
  return matchMedia(NARROW).matches;
}

function changed({ changed, removed }: Changes): string[] {
  return [...changed, ...removed];
}

const KEYS = () =>
  _(
    "Pfeile gehen von Zettel zu Zettel, mit der Umschalttaste verschieben sie ihn. Eingabe schreibt, N legt einen neuen an, M zeigt alles Weitere, Entf löscht, Strg+Z macht rückgängig, + und − zoomen, 0 zeigt alles.",
  );
