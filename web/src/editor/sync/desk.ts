/** The editors of all sections, their toolbar and their common undo. */

import type * as Y from "yjs";
import { talk } from "../anchors/page";
import { Talk } from "../anchors/talk";
import { Suggestions } from "../suggestions/suggestions";
import type { Material, Mounted, Surface } from "../surface";
import { misfitIn, misfitOf } from "../text/guard";
import type { Outside } from "../text/keys";
import { isRootChanged } from "../text/roots";
import { Section } from "../text/section";
import { undoManagerFor } from "../text/undo";
import { Toolbar } from "../toolbar/toolbar";

/** The text of an idea, written in its editors. */
export const editing: Surface = {
  misfitOf,
  misfitIn,
  mount: (dossier, material) => new Desk(dossier, material),
};

export class Desk implements Mounted {
  private readonly sections: Section[];
  private readonly toolbar: Toolbar;
  private readonly undo: Y.UndoManager;
  private readonly suggestions: Suggestions;

  constructor(dossier: HTMLElement, material: Material) {
    const hosts = [...dossier.querySelectorAll<HTMLElement>("[data-section]")];
    const { doc, mayWrite } = material;
    const roots = hosts.map((host) => doc.getXmlFragment(host.dataset.section ?? ""));
    this.undo = undoManagerFor(roots);
    const comment = Talk.isOpen ? () => talk().commentOnSelection() : null;
    const suggest = Suggestions.isOpen ? () => this.suggestions.suggestForSelection() : null;
    this.toolbar = new Toolbar(this.undo, mayWrite, { comment, suggest });
    const around = {
      ...material,
      undo: this.undo,
      outside: this.outside(),
      onFocus: (section: Section) => this.toolbar.serve(section),
      onChange: (section: Section) => {
        this.toolbar.refresh();
        talk().changed(section);
      },
    };
    this.sections = hosts.map((host) => new Section(host, around));
    placeToolbar(this.toolbar.element, dossier, this.sections);
    talk().serve(this.sections);
    this.suggestions = new Suggestions(this.sections);
    this.followUndo();
  }

  /** The right to write has changed. */
  refresh(): void {
    for (const section of this.sections) section.refresh();
    this.toolbar.refresh();
  }

  /** Others' changes come: the caret is read where keys have just put it. */
  hear(): void {
    this.sections.find(({ view }) => view.hasFocus())?.hear();
  }

  /** Let go of the document at once and leave the text standing. */
  freeze(): void {
    for (const section of this.sections) section.freeze();
    this.toolbar.element.remove();
  }

  private outside(): Outside {
    return {
      undo: () => this.toolbar.undo(),
      redo: () => this.toolbar.redo(),
      toToolbar: () => this.toolbar.focus(),
      editLink: () => void this.toolbar.editLink(),
      comment: () => talk().commentOnSelection(),
      toNextSection: () => this.sections.find((section) => !section.isTitle)?.focus(),
    };
  }

  /** A step that is undone in another section takes the person there. */
  private followUndo(): void {
    this.undo.on("stack-item-popped", ({ changedParentTypes }) => {
      const isChanged = (section: Section) =>
        isRootChanged(this.undo.doc, section.root, changedParentTypes);
      const changed = this.sections.filter(isChanged);
      const inToolbar = this.toolbar.element.contains(document.activeElement);
      if (inToolbar || changed.some((section) => section.view.hasFocus())) return;
      changed[0]?.focus();
    });
  }
}

/** Above the first section, as a child of the dossier, so that it can stick to its top. */
function placeToolbar(toolbar: HTMLElement, dossier: HTMLElement, sections: Section[]): void {
  let place: HTMLElement | null = sections.find((section) => !section.isTitle)?.host ?? null;
  while (place && place.parentElement !== dossier) place = place.parentElement;
  dossier.insertBefore(toolbar, place);
}
