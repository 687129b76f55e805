// A photograph beside the clean page that it can become, to choose one of them.

import { change, focusOn, holdFocus, post } from "./api.js";

const panel = /** @type {HTMLElement} */ (document.getElementById("comparison"));
const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.getElementById(`comparison-${name}`));
const before = /** @type {HTMLImageElement} */ (part("before"));
const after = /** @type {HTMLImageElement} */ (part("after"));

/** The file that is shown, its pages with photographs, and which of them. */
let shown = { id: "", name: "", pages: [1], at: 0, rotate: "0", version: "", isTaken: false, holder: "", revision: "" };

/** @param {HTMLElement} button One with `data-compare`, the id of a file. */
function open(button) {
  const { compare: id = "", name = "", pages = "1", rotate = "0", version = "" } = button.dataset;
  const isTaken = button.dataset.taken !== undefined;
  const { revision = "" } = document.body.dataset;
  shown = { id, name, pages: pages.split(",").map(Number), at: 0, rotate, version, isTaken, holder: button.id, revision };
  panel.hidden = false;
  show();
  panel.focus();
}

function show() {
  const { id, name, pages, at, rotate, version, isTaken } = shown;
  const ends = `${id}/${pages[at]}.png?dpi=100&v=${encodeURIComponent(version)}`;
  part("name").textContent = name;
  part("page").textContent = `${at + 1} / ${pages.length}`;
  part("pages").hidden = pages.length < 2;
  part("wait").hidden = false;
  part("wait").textContent = "，正在做…";
  before.src = `/pictures/photograph/${ends}`;
  before.alt = `原来的照片：${name} 第 ${pages[at]} 页`;
  after.src = `/pictures/straightened/${ends}`;
  after.alt = `拉平以后：${name} 第 ${pages[at]} 页`;
  for (const image of [before, after]) {
    if (image.parentElement) image.parentElement.className = `viewer-page rot-${rotate}`;
  }
  for (const button of panel.querySelectorAll("[data-comparison=back], [data-comparison=take]")) {
    const isNow = (button.getAttribute("data-comparison") === "take") === isTaken;
    button.classList.toggle("chosen", isNow);
    button.setAttribute("aria-pressed", String(isNow));
  }
}

after.addEventListener("load", () => (part("wait").hidden = true));
after.addEventListener("error", () => (part("wait").textContent = "，没有做成；请关闭后再试"));

function close() {
  panel.hidden = true;
  focusOn(shown.holder);
}

/** @param {string} id @param {boolean} isTaken @param {string} [revision] That of the page on which it was chosen. */
async function choose(id, isTaken, revision = document.body.dataset.revision) {
  const done = isTaken ? "已拉平；点“撤销上一步”可恢复" : "已恢复原来的照片";
  await change(() => post(`/api/files/${id}`, { action: "change", straighten: isTaken ? "true" : "", revision }), done);
}

/** @param {string} what */
async function act(what) {
  if (what === "take" || what === "back") {
    const isTaken = what === "take";
    close();
    if (isTaken !== shown.isTaken) await choose(shown.id, isTaken, shown.revision);
    focusOn(shown.holder);
  } else if (what === "close") {
    close();
  } else {
    shown.at = Math.min(shown.pages.length - 1, Math.max(0, shown.at + Number(what)));
    show();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.dataset.compare) open(button);
  else if (button.dataset.unstraighten) await choose(button.dataset.unstraighten, false);
  else if (button.dataset.comparison) await act(button.dataset.comparison);
});

panel.addEventListener("keydown", (event) => {
  const keys = { Escape: "close", ArrowLeft: "-1", ArrowRight: "1" };
  if (keys[event.key]) act(keys[event.key]);
  holdFocus(panel, event);
});
