/** A sentence at the head of a form that could not be sent; what was typed stands below it. */

export function showFormError(form: HTMLFormElement, why: string): void {
  const found = form.querySelector<HTMLElement>("[data-form-error]");
  const error = found ?? document.createElement("p");
  error.dataset.formError = "";
  error.className = "form-error";
  error.setAttribute("role", "alert");
  if (!found) form.prepend(error);
  error.textContent = why;
}
