// Pages seen large, one after the other, from every page that shows them small.

import { focusOn, holdFocus } from "./api.js";

const viewer = /** @type {HTMLElement} */ (document.getElementById("viewer"));
const image = /** @type {HTMLImageElement} */ (document.getElementById("viewer-image"));
const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(`viewer-${id}`));

/** What is shown: where its pages are, how many, and the element (by its id) that it belongs to. */
let shown = { url: "", name: "", page: 1, pages: 1, holder: "" };
/** @type {HTMLElement | null} */
let opener = null;
/** @type {((holder: string) => Promise<any>) | null} */
let turn = null;

/** @param {(holder: string) => Promise<any>} turning Called to turn what an element shows. */
export function onTurn(turning) {
  turn = turning;
}

/** @param {HTMLElement} button One with `data-look`, the address of a page with `{page}` in it. */
function look(button) {
  const { look: url = "", name = "", page = "1", pages = "1" } = button.dataset;
  const holder = button.closest("[data-rotate]");
  shown = { url, name, page: Number(page), pages: Number(pages), holder: holder ? holder.id : "" };
  opener = button;
  viewer.hidden = false;
  show();
  viewer.focus();
}

function show() {
  const { url, name, page, pages, holder } = shown;
  part("name").textContent = name;
  part("page").textContent = `${page} / ${pages}`;
  part("pages").hidden = pages < 2;
  part("turn").hidden = !turn || !holder;
  image.src = url.replace("{page}", String(page));
  image.alt = `${name} 第 ${page} 页`;
  const turned = document.getElementById(holder)?.dataset.rotate || 0;
  if (image.parentElement) image.parentElement.className = `viewer-page rot-${turned}`;
}

/** @param {string} what */
async function act(what) {
  if (what === "close") {
    viewer.hidden = true;
    if (opener && opener.isConnected) opener.focus();
    else focusOn(shown.holder);
  } else if (what === "turn") {
    if (turn && shown.holder) await turn(shown.holder);
    show();
  } else {
    shown.page = Math.min(shown.pages, Math.max(1, shown.page + Number(what)));
    show();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-look], [data-viewer]") : null;
  if (!(button instanceof HTMLElement)) return;
  if (button.dataset.viewer) act(button.dataset.viewer);
  else look(button);
});

viewer.addEventListener("keydown", (event) => {
  const keys = { Escape: "close", ArrowLeft: "-1", ArrowRight: "1" };
  if (keys[event.key]) act(keys[event.key]);
  holdFocus(viewer, event);
});
