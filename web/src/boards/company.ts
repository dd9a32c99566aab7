/**
 * What a workshop lays around its board: dots, the ideas that notes have become, and whether all
 * hands rest. The page says what holds (`#board-now`, a live region); the rest is asked for.
 */

import { refreshRegions } from "../live";
import { _, ngettext } from "../messages";
import { say } from "../status";
import type { BoardDesk, Company } from "./desk";
import type { Thing } from "./things";
import { button, made, type Vote } from "./view";

interface Mark {
  given: number;
  result: { dots: number; people: number } | null;
  idea: string | null;
  may_become: boolean;
}

interface Marks {
  budget: number;
  left: number;
  marks: Record<string, Mark>;
}

const NOTHING: Marks = { budget: 0, left: 0, marks: {} };
const NO_MARK: Mark = { given: 0, result: null, idea: null, may_become: false };

export class WorkshopCompany implements Company {
  private marks: Marks = NOTHING;
  private desk: BoardDesk | null = null;
  private isAsking = false;
  private isAskedAgain = false;
  private giving: Promise<void> = Promise.resolve();
  /** Dots that were clicked and are not answered yet. */
  private clicks = 0;

  constructor(private readonly code: string) {
    const state = document.getElementById("board-state");
    if (!state) return;
    new MutationObserver(() => this.renew()).observe(state, {
      subtree: true,
      childList: true,
      attributes: true,
    });
  }

  serve(desk: BoardDesk): void {
    this.desk = desk;
    void this.ask();
  }

  isFrozen(): boolean {
    return this.now("frozen");
  }

  isSilent(): boolean {
    return this.now("silent");
  }

  marksOf(id: string): string {
    const { given, result, idea } = this.marks.marks[id] ?? NO_MARK;
    const words = [];
    if (result) words.push(ngettext("%(n)s Punkt", "%(n)s Punkte", result.dots));
    if (given) words.push(ngettext("%(n)s Punkt von mir", "%(n)s Punkte von mir", given));
    if (idea) words.push(_("Idee %(ref)s", { ref: idea }));
    return words.join(" · ");
  }

  voteOn(id: string): Vote | null {
    if (!this.now("voting") || !this.mayGive()) return null;
    const given = this.marks.marks[id]?.given ?? 0;
    const give = (by: -1 | 1) => {
      void this.give(id, by);
      this.desk?.refresh();
    };
    return { given, left: this.marks.left, give };
  }

  /** Dots by buttons, and the way to an idea. */
  extra(thing: Thing, close: () => void): HTMLElement | null {
    const mark = this.marks.marks[thing.id] ?? NO_MARK;
    const box = made("div", "note-extra");
    if (this.mayGive()) box.append(this.dots(thing.id));
    if (mark.idea) box.append(link(_("Idee %(ref)s", { ref: mark.idea }), `/ideas/${mark.idea}`));
    else if (mark.may_become && !this.isFrozen()) {
      const way = link(_("Idee daraus machen"), `/w/${this.code}/board/notes/${thing.id}/idea`);
      way.addEventListener("click", () => close());
      box.append(way);
    }
    return box.childElementCount > 0 ? box : null;
  }

  private mayGive(): boolean {
    const isOpen = !this.now("shown") && !this.now("over") && !this.isFrozen();
    return isOpen && this.marks.budget > 0;
  }

  private dots(id: string): HTMLElement {
    const row = made("p", "actions note-dots");
    const said = made("span", "");
    const show = () => {
      const given = this.marks.marks[id]?.given ?? 0;
      said.textContent = _("Meine Punkte: %(given)s, noch %(left)s übrig", {
        given,
        left: this.marks.left,
      });
      less.toggleAttribute("disabled", given === 0);
      more.toggleAttribute("disabled", this.marks.left === 0);
    };
    const step = (by: -1 | 1) => {
      void this.give(id, by).then(show);
      show();
    };
    const less = button("−", () => step(-1), _("Einen Punkt zurücknehmen"), ICON);
    const more = button("+", () => step(1), _("Einen Punkt geben"), ICON);
    row.append(less, said, more);
    show();
    return row;
  }

  /** One dot more or less: shown at once, and sent one after the other, however fast one clicks. */
  private give(id: string, by: -1 | 1): Promise<void> {
    const before = this.marks.marks[id] ?? NO_MARK;
    const given = before.given + by;
    if (given < 0 || this.marks.left < by) return this.giving;
    const marks = { ...this.marks.marks, [id]: { ...before, given } };
    this.marks = { ...this.marks, left: this.marks.left - by, marks };
    this.clicks++;
    this.giving = this.giving.then(() => this.sendDots(id, given));
    return this.giving;
  }

  private async sendDots(id: string, count: number): Promise<void> {
    const answer = await this.send(`dots/${id}`, { count });
    this.clicks--;
    // What was clicked meanwhile is newer than this answer.
    if (this.clicks > 0) return;
    if (answer) this.take(answer);
    else await this.ask();
    refreshRegions(document.getElementById("board-state") ?? undefined);
  }

  private async send(path: string, body: object): Promise<Marks | null> {
    try {
      const response = await fetch(`${this.api}/${path}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as Marks & { detail?: string };
      if (response.ok) return answer;
      say(answer.detail ?? _("Das hat nicht geklappt."));
    } catch {
      say(_("Keine Verbindung. Bitte versuchen Sie es gleich noch einmal."));
    }
    return null;
  }

  /** Something of the workshop has changed. */
  private renew(): void {
    this.desk?.refresh();
    void this.ask();
  }

  private async ask(): Promise<void> {
    if (this.isAsking) {
      this.isAskedAgain = true;
      return;
    }
    this.isAsking = true;
    try {
      const response = await fetch(`${this.api}/marks`, {
        headers: { Accept: "application/json" },
      });
      const marks = response.ok ? ((await response.json()) as Marks) : null;
      if (marks && this.clicks === 0) this.take(marks);
    } catch {
      // Offline the board goes on with what it knows.
    } finally {
      this.isAsking = false;
      if (this.isAskedAgain) {
        this.isAskedAgain = false;
        void this.ask();
      }
    }
  }

  private take(marks: Marks): void {
    this.marks = marks;
    this.desk?.refresh();
  }

  private get api(): string {
    return `/api/v1/workshops/${this.code}/board`;
  }

  private now(what: "frozen" | "silent" | "shown" | "over" | "voting"): boolean {
    return document.getElementById("board-now")?.dataset[what] === "yes";
  }
}

const ICON = "button icon-only";

function link(text: string, href: string): HTMLElement {
  const made = document.createElement("a");
  made.className = "button";
  made.href = href;
  made.textContent = text;
  return made;
}
