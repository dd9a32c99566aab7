/** The script and styles of every page. */

import "./css/main.css";
import { startFolds } from "./folds";
import { startForms } from "./forms";
import { startLeaving } from "./leaving";
import { startLive } from "./live";
import { loadOfficial } from "./official/when";
import { startStatus } from "./status";
import { startTimes } from "./times";

startStatus();
startTimes();
startFolds();
loadOfficial();
startForms();
startLeaving();
startLive();

// The summary of a refused form is read first.
document.querySelector<HTMLElement>("[data-focus]")?.focus();
