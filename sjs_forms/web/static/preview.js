// 预览: pages of the forms, and spreads of the volume from a draft that is built in the background.

import { post, tell, untell } from "./api.js";
import { follow } from "./job.js";
import "./page.js";

async function forms() {
  for (const figure of document.querySelectorAll("[data-form]")) {
    if (!(figure instanceof HTMLElement)) continue;
    const strip = figure.querySelector(".strip");
    const title = figure.querySelector("figcaption");
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const url = `/pictures/form/${figure.dataset.form}/${page}.png?dpi=80&v=${document.body.dataset.revision}`;
      const answer = await fetch(url);
      if (!answer.ok || !strip) break;
      pages = Number(answer.headers.get("X-Pages")) || 1;
      const image = document.createElement("img");
      image.src = URL.createObjectURL(await answer.blob());
      image.alt = `${title ? title.textContent : ""} 第 ${page} 页`;
      strip.append(image);
    }
  }
}

const box = /** @type {HTMLElement} */ (document.querySelector(".job"));
const start = /** @type {HTMLButtonElement} */ (document.querySelector("[data-start='draft']"));

function watch(job) {
  start.hidden = true;
  follow(box, job, () => location.reload());
}

async function draft() {
  untell();
  try {
    watch((await post("/api/jobs", { kind: "draft" })).job);
  } catch (problem) {
    tell(problem);
  }
}

if (box.dataset.job) watch(box.dataset.job);
else if (start.hasAttribute("data-now")) draft();

start.addEventListener("click", draft);

forms().catch(tell);
