/**
 * On pages that people write on: asks the browser to keep them for when there is no network, says
 * so when the page comes from this device, and holds back forms that could not arrive.
 */

import "./css/offline.css";
import { startForms } from "./offline/forms";
import { showKeptSince } from "./offline/kept";
import { keepPages } from "./offline/worker";

keepPages();
showKeptSince();
startForms();
