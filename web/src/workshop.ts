/** The pages of an evening: the clock, hands down, and what has changed is said. */

import "./css/workshop.css";
import { startClock } from "./workshop/clock";
import { followState } from "./workshop/frozen";

startClock();
followState();
