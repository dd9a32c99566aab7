/**
 * Forms marked `data-live-form` are sent without leaving the page; without scripts they are
 * ordinary forms. Nothing typed is lost: on any failure the text stays and the error stands
 * in the form.
 *
 * Success is 204, or an answer that leads back to this page; an answer that leads elsewhere
 * (to the sign-in page, say) is followed, and the draft waits there.
 */

import { dropDrafts, emptySent, startDrafts, type Texts, textsIn } from "./drafts";
import { showFormError } from "./form-error";
import { refreshRegions } from "./live";
import { parseMarkup } from "./live/markup";
import { _ } from "./messages";
import { say } from "./status";

const FORMS = "form[data-live-form]";

type Outcome =
  | { type: "sent" }
  | { type: "elsewhere"; url: string }
  | { type: "failed"; why: string };

/** Enhance all marked forms, also those that a live region brings later. */
export function startForms(): void {
  startDrafts(`${FORMS}, form[data-draft]`);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (!form.matches(FORMS)) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void submit(form, event.submitter);
  });
}

async function submit(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  form.setAttribute("aria-busy", "true");
  const texts = textsIn(form);
  const outcome = await send(form, submitter);
  form.removeAttribute("aria-busy");
  if (outcome.type === "failed") return showFormError(form, outcome.why);
  if (outcome.type === "elsewhere") return location.assign(outcome.url);
  finish(form, texts);
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<Outcome> {
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  try {
    const response = await fetch(new URL(url, location.href), {
      method: "POST",
      body,
      headers: { Accept: "text/html", "X-Live-Form": "1" },
    });
    return await outcomeOf(response);
  } catch {
    return {
      type: "failed",
      why: _("Keine Verbindung. Ihr Text ist noch da."),
    };
  }
}

async function outcomeOf(response: Response): Promise<Outcome> {
  if (!response.ok) return { type: "failed", why: await errorIn(response) };
  const isHere = new URL(response.url).pathname === location.pathname;
  if (response.status === 204 || !response.redirected || isHere) return { type: "sent" };
  return { type: "elsewhere", url: response.url };
}

/** The server's own words for what is wrong, from a problem document or from the page it sent. */
async function errorIn(response: Response): Promise<string> {
  const text = await response.text();
  const kind = response.headers.get("Content-Type") ?? "";
  if (kind.includes("json")) {
    const problem = JSON.parse(text) as { detail?: string; title?: string };
    return problem.detail || problem.title || general();
  }
  const page = kind.includes("html") ? parseMarkup(text) : null;
  const said = page?.querySelector("[data-error], .form-error, [role=alert], main h1 ~ p");
  return said?.textContent?.replace(/\s+/g, " ").trim() || general();
}

function general(): string {
  return _("Das hat nicht geklappt. Ihr Text ist noch da.");
}

function finish(form: HTMLFormElement, sent: Texts): void {
  dropDrafts(form);
  form.querySelector("[data-form-error]")?.remove();
  emptySent(form, sent);
  form.closest("details[data-reply]")?.removeAttribute("open");
  say(form.dataset.sent || _("Gesendet"));
  refreshRegions(form);
}
