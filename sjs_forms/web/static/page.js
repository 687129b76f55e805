// Shared by all pages of an application: undo, leave, end, and changes by other programs.

import { Offline, Refusal, aimAgain, get, isReached, post, refresh, reload, say, tell, untell } from "./api.js";

const PAUSE = 2000;
const HERE = 30000;
const TOLD = "told";
let isBusy = false;

/** @type {Array<(state: any) => void>} */
const listeners = [];

/** @param {(state: any) => void} heard Called with the state whenever another program has changed it. */
export function onOutsideChange(heard) {
  listeners.push(heard);
}

/** @param {boolean} busy While a page is saving, the server is not asked for changes. */
export function setBusy(busy) {
  isBusy = busy;
}

/** Load the page anew, which then says something. @param {string} text @param {string[]} ids See `reload`. */
export function reloadAndSay(text, ...ids) {
  sessionStorage.setItem(TOLD, text);
  reload(...ids);
}

async function look() {
  if (document.hidden || isBusy) return;
  try {
    const state = await get(`/api/state?since=${document.body.dataset.tag}`);
    if (document.getElementById("saved")?.classList.contains("bad")) say("");
    if (!state || isBusy) return;
    await refresh();
    for (const heard of listeners) heard(state);
  } catch (problem) {
    if (problem instanceof Offline) say("连不上本软件，请重新打开它", true);
    else if (problem instanceof Refusal && problem.status === 409) location.assign("/");
  }
}

const actions = {
  undo: async () => {
    await post("/api/undo");
    reloadAndSay("已撤销上一步", "undo");
  },
  leave: async () => {
    await post("/api/leave");
    location.assign("/");
  },
  end: async () => {
    await post("/api/end");
    isBusy = true;
    document.body.innerHTML = '<main class="page narrow"><h1>已退出</h1><p>内容都已保存，可以关掉这个页面了。</p></main>';
  },
};

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-action]") : null;
  const action = button instanceof HTMLElement ? actions[button.dataset.action || ""] : null;
  if (!action) return;
  untell();
  /** @type {Promise<any>[]} */
  const waits = [];
  document.dispatchEvent(new CustomEvent("flush", { detail: waits }));
  try {
    await Promise.all(waits);
    await action();
  } catch (problem) {
    tell(problem);
  }
});

// With the server gone, a link leads to an error of the browser, and what was typed is lost.
document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href^='/']") : null;
  if (!(link instanceof HTMLAnchorElement) || isReached()) return;
  event.preventDefault();
  try {
    await get("/api/here");
    link.click();
  } catch (problem) {
    tell(problem);
  }
});

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  const isTaken = event.defaultPrevented;
  event.preventDefault();
  if (isTaken || !event.dataTransfer || !event.dataTransfer.files.length) return;
  const here = document.querySelector(".drop");
  tell({ message: here ? "没有放进去：请拖到要放的那一处虚线框里。" : "没有放进去：文件请在“材料”页放入。" });
});

if (document.body.dataset.page !== "home") {
  setInterval(look, PAUSE);
  document.addEventListener("visibilitychange", look); // before anything is typed into an old page
}
// A server started from an icon ends some time after its last page was closed; see attendance.py.
setInterval(() => get("/api/here").catch(() => null), HERE);

document.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

const told = sessionStorage.getItem(TOLD); // what the page before had to say
if (told) say(told);
sessionStorage.removeItem(TOLD);
aimAgain();

if (location.hash) {
  const aimed = document.getElementById(location.hash.slice(1));
  if (aimed) aimed.focus();
}
