// The choice of an application.

import { Refusal, post, tell, untell } from "./api.js";
import "./page.js";

const error = document.getElementById("name-error");

/** @param {any} choice @param {(problem: any) => void} told */
async function open(choice, told = tell) {
  untell();
  if (error) error.hidden = true;
  try {
    await post("/api/open", choice);
    location.assign(choice.name ? "/form" : "/");
  } catch (problem) {
    told(problem);
  }
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const recent = event.target.closest("[data-open]");
  if (recent instanceof HTMLElement) open({ id: recent.dataset.open });
  else if (event.target.closest("[data-sample]")) open({ sample: true });
});

document.getElementById("new")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = document.getElementById("name");
  const notice = document.getElementById("notice");
  if (!(name instanceof HTMLInputElement)) return;
  const chosen = notice instanceof HTMLSelectElement ? notice.value : null;
  open({ name: name.value, notice: chosen }, (problem) => {
    if (!(problem instanceof Refusal) || !error) return tell(problem);
    error.textContent = `${problem.message}${problem.data.remedy || ""}`;
    error.hidden = false;
    name.setAttribute("aria-invalid", "true");
    name.focus();
  });
});
