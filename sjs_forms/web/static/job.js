// A job's progress, read from its log, so that a reload of the page continues it.

import { post, tell } from "./api.js";

/**
 * Show a job's progress in a box of the page; `over` is called with the last line of its log.
 * @param {HTMLElement} box @param {string} job @param {(line: any) => void} over
 */
export function follow(box, job, over) {
  const stage = box.querySelector(".job-stage");
  const bar = box.querySelector("progress");
  box.hidden = false;
  box.dataset.job = job;
  const source = new EventSource(`/api/jobs/${job}/events`);
  source.onmessage = (event) => {
    const line = JSON.parse(event.data);
    if (line.stage && stage) {
      const count = line.total > 1 ? `（${line.done} / ${line.total}）` : "";
      stage.textContent = `${line.stage}${count}`;
      if (bar && line.total > 1) bar.value = (100 * line.done) / line.total;
      else if (bar) bar.removeAttribute("value");
    }
    if (line.end || line.verdict) {
      source.close();
      over(line);
    }
  };
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-action='cancel']") : null;
  const box = button && button.closest("[data-job]");
  if (!(box instanceof HTMLElement)) return;
  try {
    await post(`/api/jobs/${box.dataset.job}/cancel`);
  } catch (problem) {
    tell(problem);
  }
});
