// The form: answers are saved while the user types, with findings and a preview of the printed page.

import { Offline, Refusal, get, post, refresh, say, tell, untell } from "./api.js";
import { onOutsideChange, setBusy } from "./page.js";
import { draw } from "./paper.js";

const PAUSE = 40;
const AGAIN = 2000;

const form = /** @type {HTMLFormElement} */ (document.getElementById("answers"));
/** The application as the server last sent it. @type {any} */
let application = {};
/** The choices that the server parsed from it, by path. @type {Record<string, string[]>} */
let understood = {};
/** @type {Set<string>} Paths with changes that are not saved yet. */
const dirty = new Set();
/** @type {Set<string>} Paths with conflicting answers, of which the user must choose one. */
const disputed = new Set();
let revision = "";
let timer = 0;
let isOffline = false;
/** @type {number | undefined} Why the last try to save was refused, once that is told. */
let toldStatus;
/** @type {Promise<void> | null} */
let saving = null;

/** @param {string} path @returns {any} */
function written(path) {
  let value = application;
  for (const step of path.match(/[^.[\]]+/g) || []) {
    if (value === null || typeof value !== "object") return null;
    value = value[step];
  }
  return value === undefined ? null : value;
}

/** @param {string} path @returns {HTMLInputElement[]} */
function controls(path) {
  const all = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  return all.filter((each) => each.name === path);
}

const choosing = (all) => all.length > 0 && (all[0].type === "radio" || all[0].type === "checkbox");

/** @param {string} path @returns {string | string[]} The value of the controls of a path. */
function typed(path) {
  const all = controls(path);
  if (!choosing(all)) return all.length ? all[0].value : "";
  const chosen = all.filter((each) => each.checked).map((each) => each.value);
  return all[0].type === "radio" ? chosen[0] || "" : chosen;
}

/** @param {string} path @param {any} value @returns {string[]} The choices that a value names. */
function choices(path, value) {
  if (value === written(path) && understood[path]) return understood[path];
  return Array.isArray(value) ? value.map(String) : [value === null ? "" : String(value)];
}

/** Show a value from the server in its controls. @param {string} path @param {any} value */
function show(path, value) {
  const all = controls(path);
  if (choosing(all)) {
    const chosen = choices(path, value);
    for (const each of all) each.checked = chosen.includes(each.value || "") || (!each.value && !chosen.length);
  } else if (all.length) {
    const text = value === null || typeof value === "object" ? "" : String(value);
    if (all[0].value !== text) all[0].value = text;
  }
}

/** Store the state that the server sent. */
function keep(state) {
  revision = state.revision;
  application = state.application || {};
  understood = state.chosen || {};
}

/** Show the state that the server sent, except where there are unsaved changes. */
function take(state) {
  keep(state);
  for (const field of form.querySelectorAll("[data-field]")) {
    const path = field.getAttribute("data-field") || "";
    if (!dirty.has(path) && !disputed.has(path) && !sameShown(path)) show(path, written(path));
  }
}

/** Return whether the controls already show the value, so that the caret need not be moved. */
function sameShown(path) {
  const value = written(path);
  const here = typed(path);
  if (understood[path]) return JSON.stringify([here].flat().filter(Boolean)) === JSON.stringify(understood[path]);
  if (Array.isArray(here)) return JSON.stringify(here) === JSON.stringify(value || []);
  return here.trim() === (value === null ? "" : String(value)).trim();
}

async function save() {
  window.clearTimeout(timer);
  while (saving) {
    await saving; // one at a time: what is sent says what was there before
    if (dirty.size === 0) return;
  }
  saving = send();
  await saving;
  saving = null;
  setBusy(dirty.size > 0);
}

/** @param {string} path @returns {any} An answer as typed, with what was there before it. */
function edit(path) {
  const row = path.slice(0, path.lastIndexOf("]") + 1); // of several: its number may mean another one by now
  const list = written(row.slice(0, row.lastIndexOf("["))) || [];
  const within = row ? { rows: list.length, row: written(row) } : null;
  return { path, typed: typed(path), seen: written(path), within };
}

/** @type {Promise<void> | null} */
let loading = null;

/** Take the first state from the server, once. */
function load() {
  loading =
    loading ||
    get("/api/state").then((state) => {
      take(state);
      mark();
      draw();
    });
  loading.catch(() => (loading = null));
  return loading;
}

async function send() {
  /** @type {string[]} */
  let paths = [];
  try {
    await load(); // without what was there before, an answer would seem changed elsewhere
    paths = [...dirty];
    if (paths.length === 0) return;
    dirty.clear();
    const edits = paths.map(edit);
    const made = await post("/api/answers", { edits });
    take(made);
    if (toldStatus) untell();
    toldStatus = undefined;
    isOffline = false;
    say("已保存");
    await refresh(made.page);
    mark();
    draw();
  } catch (problem) {
    for (const path of paths) dirty.add(path);
    if (problem instanceof Refusal && problem.data.now) dispute(problem.data.now);
    else if (problem instanceof Offline || isElsewhere(problem.status)) {
      isOffline = true;
      say("还没有保存，正在重试", true);
      if (problem.status && problem.status !== toldStatus) tell(problem);
      toldStatus = problem.status;
      timer = window.setTimeout(save, AGAIN);
    } else {
      dirty.clear();
      tell(problem);
    }
  }
}

/** Whether saving may succeed later: the server was restarted, or has another application open. */
const isElsewhere = (/** @type {number} */ status) => status === 403 || status === 409 || status >= 500;

/** Ask about the answers that another window has changed too. @param {Record<string, any>} now */
function dispute(now) {
  for (const [path, value] of Object.entries(now)) {
    dirty.delete(path);
    disputed.add(path);
    const place = form.querySelector(`[data-field="${CSS.escape(path)}"] [data-conflict]`);
    if (!(place instanceof HTMLElement)) continue;
    const said = document.createElement("p");
    said.textContent = `这一项刚刚在别处改成了：${shown(path, value) || "（空着）"}`;
    const mine = button("用我写的", () => settle(path, value, true));
    const theirs = button("用别处的", () => settle(path, value, false));
    place.replaceChildren(said, mine, document.createTextNode(" "), theirs);
    place.hidden = false;
  }
  say("有一项要您选定", true);
  if (dirty.size) timer = window.setTimeout(save, PAUSE);
}

/** Return a value in the words of the form. */
function shown(path, value) {
  if (value === null || value === undefined) return "";
  const all = controls(path);
  if (!choosing(all)) return String(value);
  const chosen = Array.isArray(value) ? value.map(String) : [String(value)];
  return all
    .filter((each) => each.value && chosen.includes(each.value))
    .map((each) => (each.closest("label")?.textContent || each.value).trim())
    .join("、");
}

function button(text, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button second small";
  made.textContent = text;
  made.addEventListener("click", pressed);
  return made;
}

/** @param {string} path @param {any} value @param {boolean} mine */
async function settle(path, value, mine) {
  disputed.delete(path);
  const place = form.querySelector(`[data-field="${CSS.escape(path)}"] [data-conflict]`);
  if (place instanceof HTMLElement) place.hidden = true;
  const state = await get("/api/state").catch(() => null);
  if (state) keep(state);
  if (mine) dirty.add(path);
  else show(path, state ? written(path) : value);
  say("");
  await save();
  const first = controls(path)[0];
  if (first) first.focus();
}

/** Set the look of each control by the findings beneath it. */
function mark() {
  for (const field of form.querySelectorAll("[data-field]")) {
    const isWrong = field.querySelector(".finding.error") !== null;
    const control = field.querySelector("input[type='text'], textarea");
    if (control) control.setAttribute("aria-invalid", String(isWrong));
  }
}

/** @param {Event} event */
function changed(event) {
  const name = event.target instanceof HTMLElement ? event.target.getAttribute("name") : null;
  if (!name || disputed.has(name)) return;
  if (event instanceof InputEvent && event.isComposing) return; // the input method is at work
  dirty.add(name);
  setBusy(true);
  window.clearTimeout(timer);
  timer = window.setTimeout(save, PAUSE);
}

form.addEventListener("input", changed);
form.addEventListener("compositionend", changed);
form.addEventListener("focusout", () => dirty.size && save());
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("flush", (event) => {
  if (event instanceof CustomEvent && (dirty.size || saving)) event.detail.push(save());
});
window.addEventListener("pagehide", () => {
  const edits = [...dirty].map(edit);
  if (edits.length) post("/api/answers", { edits }).catch(() => null);
});
window.addEventListener("beforeunload", (event) => {
  if (!isOffline) return;
  event.preventDefault(); // else what was typed would be lost
  event.returnValue = "";
});
onOutsideChange((state) => {
  take(state);
  mark();
  draw();
});

// Repeating rows

form.addEventListener("click", async (event) => {
  const pressed = event.target instanceof Element ? event.target.closest("[data-add], [data-remove]") : null;
  if (!(pressed instanceof HTMLElement)) return;
  if (pressed.dataset.add) {
    const rows = form.querySelector(`[data-rows="${CSS.escape(pressed.dataset.add)}"]`);
    if (rows && !rows.querySelector("[data-row][hidden]")) await spareRow(rows);
    const row = rows && (rows.querySelector("[data-row][hidden]") || rows.lastElementChild);
    if (row instanceof HTMLElement) row.hidden = false;
    const first = row && row.querySelector("input, textarea, select"); // of the last, if it is blank
    if (first instanceof HTMLElement) first.focus();
    return;
  }
  if (pressed.hasAttribute("aria-disabled")) return; // pressed twice: the next row is there by now
  pressed.setAttribute("aria-disabled", "true");
  await save();
  try {
    const path = pressed.dataset.remove || "";
    if (written(path) !== null) keep(await post("/api/items/remove", { path, revision }));
    const list = pressed.closest("[data-rows]");
    if (list) await renewRows(list, path);
  } catch (problem) {
    tell(problem);
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
});

/** Show the existing rows, and focus the place of the removed one. @param {Element} list @param {string} removed */
async function renewRows(list, removed) {
  const fresh = await refresh();
  const made = fresh.getElementById(list.id);
  if (!made) return;
  list.replaceChildren(...[...made.children].map((row) => document.importNode(row, true)));
  const add = showAdd(list, fresh);
  mark();
  draw();
  const here = list.querySelector(`:not([hidden]) > [data-remove="${CSS.escape(removed)}"]`) || add;
  if (here instanceof HTMLElement) here.focus();
}

/** @param {Element} list Have a further row ready once something of the last one is saved. */
async function spareRow(list) {
  await save();
  const fresh = await refresh();
  const more = fresh.getElementById(list.id);
  const next = more && more.querySelector("[data-row][hidden]");
  const isThere = next && form.querySelector(`[data-row="${CSS.escape(next.getAttribute("data-row") || "")}"]`);
  if (next && !isThere) list.append(document.importNode(next, true));
  showAdd(list, fresh);
}

/** @param {Element} list @param {Document} fresh Show the button for a further row where there is room. */
function showAdd(list, fresh) {
  const added = `[data-add="${CSS.escape(list.getAttribute("data-rows") || "")}"]`;
  const [add, asMade] = [form.querySelector(added), fresh.querySelector(added)];
  if (add instanceof HTMLElement && asMade) add.hidden = asMade.hasAttribute("hidden");
  return add;
}

form.addEventListener("change", (event) => {
  const row = event.target instanceof Element ? event.target.closest("[data-row]") : null;
  if (row && row.parentElement && !row.nextElementSibling) spareRow(row.parentElement).catch(tell);
});

// On a phone, one group a page

const narrow = window.matchMedia("(max-width: 52rem)");
const sections = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".group")]);
let current = sections[0];

/** @param {Element | null | undefined} section */
function showGroup(section) {
  if (section instanceof HTMLElement) current = section;
  for (const each of sections) each.toggleAttribute("data-off", narrow.matches && each !== current);
  const on = document.getElementById("on"); // where to go on to, once the last group is reached
  if (on) on.hidden = narrow.matches && current !== sections[sections.length - 1];
}

function showAimed() {
  const aimed = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  showGroup(aimed && aimed.closest(".group"));
  if (aimed) aimed.focus();
}

narrow.addEventListener("change", () => showGroup(current));
window.addEventListener("hashchange", showAimed);
document.addEventListener("click", (event) => {
  const turn = event.target instanceof Element ? event.target.closest("[data-group-turn]") : null;
  if (!(turn instanceof HTMLElement)) return;
  showGroup(sections[sections.indexOf(current) + Number(turn.dataset.groupTurn)]);
  current.focus();
  window.scrollTo(0, 0);
});
showAimed();

load().catch(tell);
