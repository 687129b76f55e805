// 盖章件: the forms to be signed; recognises scans page by page, and files them when the user agrees.

import { post, reload, sendTo, tell, untell } from "./api.js";
import { follow } from "./job.js";
import "./page.js";
import "./viewer.js";

const boxOf = (/** @type {string} */ kind) => /** @type {HTMLElement} */ (document.querySelector(`[data-kind="${kind}"]`));
const again = () => reload("verdict", "fill");

document.querySelector("[data-start='fill']")?.addEventListener("click", async () => {
  untell();
  try {
    const made = await post("/api/jobs", { kind: "fill" });
    follow(boxOf("fill"), made.job, again);
  } catch (problem) {
    tell(problem);
  }
});

const drop = document.getElementById("scan-drop");

sendTo(drop, document.getElementById("scan"), "/api/scans", async () => {
  const made = await post("/api/scans/recognise");
  if (drop) drop.hidden = true;
  follow(boxOf("stamped"), made.job, again);
});

const waiting = document.querySelector('[data-kind="stamped"][data-job]');
if (waiting instanceof HTMLElement) {
  if (drop) drop.hidden = true;
  follow(waiting, waiting.dataset.job || "", again);
}

/** The user's changes to the verdict, as decisions. */
function decisions() {
  const made = [];
  for (const choice of document.querySelectorAll("select[data-number]")) {
    if (!(choice instanceof HTMLSelectElement)) continue;
    const { number, was, wasTurn } = choice.dataset;
    const turning = document.querySelector(`[data-turn-of="${number}"]`);
    const turn = turning instanceof HTMLSelectElement ? turning.value : "0";
    if (!choice.value || (choice.value === was && (turn === wasTurn || choice.value === "不用"))) continue;
    made.push(choice.value === "不用" ? `${number}=不用` : `${number}=${choice.value}:${turn}`);
  }
  return made;
}

const verdict = document.getElementById("verdict");
verdict?.addEventListener("submit", async (event) => {
  event.preventDefault();
  untell();
  const place = document.getElementById("scan-findings");
  const replaces = document.getElementById("replaces");
  try {
    const answer = await post(`/api/jobs/${verdict.dataset.jobId}/file`, {
      decisions: decisions(),
      replaces: replaces instanceof HTMLInputElement && replaces.checked,
    });
    if (answer.filed) {
      again();
      return;
    }
    if (place) place.replaceChildren(...answer.findings.map(line));
  } catch (problem) {
    tell(problem);
  }
});

/** @param {{severity: string, message: string, remedy: string}} finding */
function line(finding) {
  const made = document.createElement("p");
  made.className = `finding ${finding.severity}`;
  const bar = document.createElement("span");
  bar.className = "mark";
  const text = document.createElement("span");
  const remedy = document.createElement("span");
  remedy.className = "remedy";
  remedy.textContent = finding.remedy;
  text.append(finding.message, remedy);
  made.append(bar, text);
  return made;
}

document.addEventListener("change", (event) => {
  const turning = event.target;
  if (!(turning instanceof HTMLSelectElement) || !turning.dataset.turnOf) return;
  const page = turning.closest(".scan-page");
  const picture = page && page.querySelector(".scan-picture");
  if (page instanceof HTMLElement) page.dataset.rotate = turning.value;
  if (picture) picture.className = `look scan-picture rot-${turning.value}`;
});

document.querySelector("[data-clear-scans]")?.addEventListener("click", async () => {
  try {
    await post("/api/scans/clear");
    again();
  } catch (problem) {
    tell(problem);
  }
});
