// The choice of an application.

import { post, tell, untell } from "./api.js";
import "./page.js";

async function open(choice) {
  untell();
  try {
    await post("/api/open", choice);
    location.assign("/");
  } catch (problem) {
    tell(problem);
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
  open({ name: name.value, notice: notice instanceof HTMLSelectElement ? notice.value : null });
  if (!name.value.trim()) name.focus();
});
