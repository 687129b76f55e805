// Materials: adds, orders, turns, renames and shows files.

import { change, dropZone, focusOn, post, refresh, sendAll } from "./api.js";
import "./page.js";
import "./comparison.js";
import { onTurn } from "./viewer.js";

const fileOf = (/** @type {string} */ id) => document.getElementById(id)?.dataset.file;
let acting = Promise.resolve();

/**
 * Change a file once earlier changes are done, if its card is still that of the same file.
 * @param {string} id @param {any} data @param {string} [done]
 */
function act(id, data, done) {
  const file = fileOf(id);
  const made = acting.then(() => {
    const { revision } = document.body.dataset;
    return fileOf(id) === file ? change(() => post(`/api/files/${id}`, { ...data, revision }), done) : null;
  });
  acting = made.catch(() => null);
  return made;
}

/** @param {Element} section @param {Iterable<File>} files */
async function add(section, files) {
  const place = section.querySelector(".uploads");
  const material = section.getAttribute("data-material") || "";
  if (!place) return;
  await sendAll(files, place, (name) => `/api/files?material=${encodeURIComponent(material)}&name=${name}`);
  await refresh();
}

for (const section of document.querySelectorAll("[data-material]")) {
  if (section instanceof HTMLElement) dropZone(section, (files) => add(section, files));
}

document.addEventListener("change", async (event) => {
  const control = event.target;
  if (control instanceof HTMLInputElement && control.dataset.upload) {
    const section = control.closest("[data-material]");
    const files = control.files ? [...control.files] : [];
    control.value = "";
    if (section) await add(section, files);
  } else if (control instanceof HTMLInputElement && control.dataset.set) {
    await act(control.dataset.of || "", { action: "change", [control.dataset.set]: control.value });
  } else if (control instanceof HTMLSelectElement && control.dataset.moveTo) {
    await act(control.dataset.moveTo, { action: "move", material: control.value });
  }
});

/** @param {HTMLElement} card @param {number} by */
async function move(card, by) {
  const at = Number(card.dataset.position) + by;
  if (at < 0 || at >= Number(card.dataset.count)) return;
  const name = card.dataset.file;
  await act(card.id, { action: "move", position: at });
  const again = document.querySelector(`[data-file="${CSS.escape(name || "")}"]`);
  if (again instanceof HTMLElement) focusOn(again.id);
}

const cardOf = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id */
function turn(id) {
  const now = Number(cardOf(id).dataset.rotate || 0);
  return act(id, { action: "change", rotate: String((now + 90) % 360) });
}
onTurn(turn);

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const data = button.dataset;
  if (data.step) await move(cardOf(data.of || ""), Number(data.step));
  else if (data.rotateOf) await turn(data.rotateOf);
  else if (data.removeFile) await act(data.removeFile, { action: "remove" }, "已移除；点“撤销上一步”可拿回");
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.password) return;
  event.preventDefault();
  const control = form.querySelector("input");
  if (!control) return;
  const password = control.value;
  control.value = "";
  await act(form.dataset.password, { action: "change", password });
});

document.addEventListener("keydown", async (event) => {
  const card = event.target instanceof Element ? event.target.closest("[data-file]") : null;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && card instanceof HTMLElement) {
    event.preventDefault();
    await move(card, event.key === "ArrowUp" ? -1 : 1);
  }
});

// Order by mouse, within a material and between materials

/** @type {HTMLElement | null} */
let lifted = null;

document.addEventListener("dragstart", (event) => {
  const card = event.target instanceof Element ? event.target.closest("[data-file]") : null;
  if (!(card instanceof HTMLElement) || !event.dataTransfer) return;
  lifted = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  card.classList.add("lifted");
});
document.addEventListener("dragend", () => {
  if (lifted) lifted.classList.remove("lifted");
  lifted = null;
  aim(null);
});
document.addEventListener("dragover", (event) => {
  if (!lifted) return;
  event.preventDefault();
  aim(event.target instanceof Element ? event.target.closest("[data-file]") : null);
});
document.addEventListener("drop", async (event) => {
  if (!lifted || !(event.target instanceof Element)) return;
  event.preventDefault();
  const card = lifted;
  const section = event.target.closest("[data-material]");
  const target = event.target.closest("[data-file]");
  const own = card.closest("[data-material]");
  lifted = null;
  if (!section || target === card) return;
  const last = section.querySelectorAll("[data-file]").length - (section === own ? 1 : 0);
  const position = target instanceof HTMLElement ? Number(target.dataset.position) : last;
  if (section === own) await act(card.id, { action: "move", position });
  else await act(card.id, { action: "move", material: section.getAttribute("data-material") });
});

/** @param {Element | null} target */
function aim(target) {
  for (const each of document.querySelectorAll(".target")) each.classList.remove("target");
  if (target && target !== lifted) target.classList.add("target");
}
