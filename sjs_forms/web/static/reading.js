// 核对: reads the papers, at a click or after each change.

import { post, reload, tell, untell } from "./api.js";
import { follow } from "./job.js";
import "./comparison.js";
import "./page.js";

const ALWAYS = "read-always";
const box = /** @type {HTMLElement} */ (document.querySelector(".job"));
const start = /** @type {HTMLElement} */ (document.getElementById("start"));
const always = /** @type {HTMLInputElement} */ (document.getElementById("always"));
const read = document.getElementById("read");

/** @param {string} job */
function watch(job) {
  start.hidden = true;
  follow(box, job, () => reload("read"));
}

async function begin() {
  untell();
  try {
    watch((await post("/api/jobs", { kind: "read" })).job);
  } catch (problem) {
    tell(problem);
  }
}

start.querySelector("[data-read]")?.addEventListener("click", begin);
always.checked = localStorage.getItem(ALWAYS) === "1";
always.addEventListener("change", () => localStorage.setItem(ALWAYS, always.checked ? "1" : ""));

if (box.dataset.job) watch(box.dataset.job);
else if (always.checked && read && !read.dataset.current) begin();
