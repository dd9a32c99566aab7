/** The live editor of an idea's page, on top of main.ts; without it the text can be read. */

import "./css/idea.css";
import "./css/editor.css";
import "./css/suggestions.css";
import { talk } from "./editor/anchors/page";
import { editing } from "./editor/sync/desk";
import { Session } from "./editor/sync/session";
import { startSeen } from "./seen";
import { followComment } from "./talk/permalink";

const dossier = document.querySelector<HTMLElement>("#dossier[data-document]");
if (dossier) {
  // Words can be commented on as soon as they can be read.
  talk();
  void new Session(dossier, editing).start();
}
followComment();
startSeen();
