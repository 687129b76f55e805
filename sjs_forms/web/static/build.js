// 生成: options in plain words, progress, stop.

import { post, reload, tell, untell } from "./api.js";
import { follow } from "./job.js";
import "./page.js";

const box = /** @type {HTMLElement} */ (document.querySelector(".job"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("build-options"));

function over(line) {
  if (line.end === "done") location.assign("/results");
  else reload();
}

function watch(job) {
  form.hidden = true;
  follow(box, job, over);
}

if (box.dataset.job) watch(box.dataset.job);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  untell();
  const chosen = new FormData(form);
  const ticked = (/** @type {string} */ name) => chosen.get(name) === "on";
  try {
    const made = await post("/api/jobs", {
      kind: "build",
      draft: chosen.get("draft") === "1",
      stock: chosen.get("stock"),
      dividers: chosen.get("dividers"),
      split: ticked("split"),
      split_colour: ticked("split_colour"),
      since: ticked("since"),
    });
    watch(made.job);
  } catch (problem) {
    tell(problem);
  }
});
