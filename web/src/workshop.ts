/** The pages of an evening: the clock, and what has changed is said. */

import "./css/workshop.css";
import { startClock } from "./workshop/clock";
import { followState } from "./workshop/state";

startClock();
followState();
