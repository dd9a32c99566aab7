/** The board of a workshop: its canvas and its list, over the list that the page came with. */

import "./css/boards.css";
import { WorkshopCompany } from "./boards/company";
import { boardSurface } from "./boards/desk";
import { startSilent } from "./boards/silent";
import { Session } from "./editor/sync/session";

const place = document.querySelector<HTMLElement>("#notes-board[data-document]");
if (place) {
  const { code = "", person = "" } = place.dataset;
  const company = new WorkshopCompany(code);
  const surface = boardSurface(company, (desk) => company.serve(desk));
  void new Session(place, surface).start();
  if (person) startSilent(person, code);
}
