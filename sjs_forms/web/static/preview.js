// 预览: pages of the forms, and spreads of the volume from a draft that is built in the background.

import { post, reload, tell, untell } from "./api.js";
import { follow } from "./job.js";
import "./page.js";
import "./viewer.js";

async function forms() {
  for (const figure of document.querySelectorAll("[data-form]")) {
    if (!(figure instanceof HTMLElement)) continue;
    const strip = figure.querySelector(".strip");
    const title = figure.querySelector("figcaption");
    const { revision } = document.body.dataset;
    const url = (/** @type {number} */ dpi) => `/pictures/form/${figure.dataset.form}/{page}.png?dpi=${dpi}&v=${revision}`;
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const answer = await fetch(url(80).replace("{page}", String(page)));
      if (!answer.ok || !strip) break;
      pages = Number(answer.headers.get("X-Pages")) || 1;
      const [image, button] = [document.createElement("img"), document.createElement("button")];
      const name = (title && title.textContent) || "";
      image.src = URL.createObjectURL(await answer.blob());
      image.alt = `${name} 第 ${page} 页`;
      button.type = "button";
      button.className = "look";
      button.title = "看大图";
      Object.assign(button.dataset, { look: url(130), name, page: String(page), pages: String(pages) });
      button.append(image);
      strip.append(button);
    }
  }
}

const box = /** @type {HTMLElement} */ (document.querySelector(".job"));
const start = /** @type {HTMLButtonElement} */ (document.querySelector("[data-start='draft']"));

function watch(job) {
  start.hidden = true;
  follow(box, job, () => reload("spreads"));
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
