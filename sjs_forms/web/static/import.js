// 导入: compares filled Word forms or a roster's row with the answers; the user chooses each difference.

import { Refusal, post, reload, sendTo, tell, untell } from "./api.js";
import { reloadAndSay } from "./page.js";

for (const kind of ["word", "roster"]) {
  const zone = document.getElementById(`${kind}-drop`);
  sendTo(zone, document.getElementById(kind), "/api/import", async () => {
    await post(`/api/import/${kind}`);
    reload("proposal", "roster-rows");
  });
}

/** @param {string} id @param {() => Promise<any>} action @param {() => void} then */
function onSubmit(id, action, then) {
  document.getElementById(id)?.addEventListener("submit", async (event) => {
    event.preventDefault();
    untell();
    try {
      await action();
      then();
    } catch (problem) {
      const isStale = problem instanceof Refusal && problem.status === 412;
      if (isStale) reloadAndSay(`${problem.message}${problem.data.remedy}`, "proposal");
      else tell(problem);
    }
  });
}

onSubmit(
  "roster-rows",
  () => {
    const row = document.getElementById("roster-row");
    return post("/api/import/row", { row: Number(row instanceof HTMLSelectElement ? row.value : 0) });
  },
  () => reload("proposal", "roster-rows"),
);

onSubmit(
  "proposal",
  () => {
    const chosen = [...document.querySelectorAll("input[value='take']:checked")];
    const { proposal } = /** @type {HTMLElement} */ (document.getElementById("proposal")).dataset;
    return post("/api/import/apply", { paths: chosen.map((each) => each.getAttribute("data-path")), proposal });
  },
  () => location.assign("/form"),
);

for (const button of document.querySelectorAll("[data-all]")) {
  button.addEventListener("click", () => {
    for (const each of document.querySelectorAll(`#proposal input[value='${button.getAttribute("data-all")}']`))
      if (each instanceof HTMLInputElement && !each.disabled) each.checked = true;
  });
}

for (const button of document.querySelectorAll("[data-drop-import]")) {
  button.addEventListener("click", async () => {
    const row = button.getAttribute("data-drop-import") === "row";
    await post("/api/import/drop", { row }).catch(tell);
    reload("proposal", "roster-rows");
  });
}
