// The printed page beside the form: it follows the field that has the focus.

import { get } from "./api.js";

const PAPER_PAUSE = 120;
const form = /** @type {HTMLFormElement} */ (document.getElementById("answers"));
const which = /** @type {HTMLSelectElement} */ (document.getElementById("which"));
const paper = /** @type {HTMLImageElement} */ (document.getElementById("paper"));
let page = 1;
let pages = 1;
let drawing = 0;
let paperTimer = 0;

export function draw() {
  window.clearTimeout(paperTimer);
  paperTimer = window.setTimeout(drawNow, PAPER_PAUSE);
}

async function drawNow() {
  const mine = ++drawing;
  const url = `/pictures/form/${which.value}/${page}.png?dpi=100&v=${document.body.dataset.revision}`;
  const answer = await fetch(url).catch(() => null);
  if (mine !== drawing || !answer) return;
  if (!answer.ok) {
    if (page > 1 && answer.status === 400) {
      page = 1;
      draw();
    }
    return;
  }
  pages = Number(answer.headers.get("X-Pages")) || 1;
  const old = paper.src;
  paper.src = URL.createObjectURL(await answer.blob());
  paper.hidden = false;
  if (old.startsWith("blob:")) URL.revokeObjectURL(old);
  const said = document.getElementById("page-of");
  if (said) said.textContent = `${page} / ${pages}`;
}

/** Where each answer is printed: form and page. @type {Record<string, [string, number]>} */
let places = {};
let placesOf = "";

form.addEventListener("focusin", async (event) => {
  const field = event.target instanceof Element ? event.target.closest("[data-field]") : null;
  if (!field) return;
  const revision = document.body.dataset.revision || "";
  if (placesOf !== revision) {
    places = (await get("/api/form-places").catch(() => null)) || places;
    placesOf = revision;
  }
  const place = places[field.getAttribute("data-field") || ""];
  if (!place || (place[0] === which.value && place[1] === page)) return;
  [which.value, page] = place;
  draw();
});

which.addEventListener("change", () => {
  page = 1;
  draw();
});
document.addEventListener("click", (event) => {
  const turn = event.target instanceof Element ? event.target.closest("[data-turn]") : null;
  if (!(turn instanceof HTMLElement)) return;
  page = Math.min(pages, Math.max(1, page + Number(turn.dataset.turn)));
  draw();
});
