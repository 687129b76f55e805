// Requests to the server, and functions that all pages use.

const KEPT_ALIVE = 15000;
let reached = true;

/** Return the headers of a request: the page's application, and the mark of a write. */
function headers(write = false) {
  /** @type {Record<string, string>} */
  const made = write ? { "X-SJS-Forms": "1" } : {};
  const { application } = document.body.dataset;
  if (application) made["X-SJS-Application"] = application;
  return made;
}

/** @returns {boolean} Whether the server answered the last request. */
export const isReached = () => reached;

const RESTARTED = "本软件重新打开过，这一页接不上了。请从新打开的页面接着做。";

/** Thrown for an unsuccessful response: its status, and its data with message and remedy. */
export class Refusal extends Error {
  /** @param {number} status @param {any} data */
  constructor(status, data) {
    super(data.message || (status === 403 ? RESTARTED : "没有做成。"));
    this.status = status;
    this.data = data;
  }
}

/** Thrown if the server cannot be reached. */
export class Offline extends Error {}

/** @param {string} url @param {RequestInit} [init] @returns {Promise<Response>} */
async function send(url, init) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", headers: headers(), ...init });
    reached = true;
  } catch (problem) {
    reached = false;
    throw new Offline("连不上本软件。");
  }
  if (!answer.ok) {
    const data = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, data);
  }
  return answer;
}

/** @param {string} url @param {any} [data] @returns {Promise<any>} */
export async function post(url, data = {}) {
  const body = JSON.stringify(data);
  const answer = await send(url, {
    method: "POST",
    headers: { ...headers(true), "Content-Type": "application/json" },
    body,
    keepalive: body.length < KEPT_ALIVE, // goes on while the page is left
  });
  return answer.json();
}

/** @param {string} url @returns {Promise<any>} The JSON of a response; null if nothing has changed. */
export async function get(url) {
  const answer = await send(url);
  return answer.status === 204 ? null : answer.json();
}

/**
 * Send a file as the body of a request.
 * @param {string} url @param {File} file @param {(share: number) => void} told
 * @returns {Promise<any>}
 */
export function upload(url, file, told) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers(true))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => told(event.total ? event.loaded / event.total : 0);
    request.onerror = () => failed(new Offline("没有传完，连接断了。"));
    request.onload = () => {
      let data = {};
      try {
        data = JSON.parse(request.responseText);
      } catch (problem) {
        data = {};
      }
      if (request.status >= 200 && request.status < 300) done(data);
      else failed(new Refusal(request.status, data));
    };
    request.send(file);
  });
}

/**
 * Replace all parts of the page that may change by those of the current page.
 * @param {string} [html] The current page, if it is known; otherwise it is requested.
 */
export async function refresh(html) {
  const text = html || (await (await send(location.pathname)).text());
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (fresh.body.dataset.page !== document.body.dataset.page) {
    location.reload();
    return fresh;
  }
  const focused = document.activeElement;
  const kept = focused && focused.id;
  const around = idsAround(focused);
  for (const old of document.querySelectorAll("[data-swap]")) {
    const made = fresh.getElementById(old.id);
    if (!made || made.innerHTML === old.innerHTML) continue;
    const open = [...old.querySelectorAll("details[open]")].map((each) => each.id);
    const typing = focused && old.contains(focused) ? focused : null;
    const typed = typing instanceof HTMLInputElement && typing.type !== "file" ? typing.value : null;
    old.innerHTML = made.innerHTML;
    for (const id of open) {
      const details = document.getElementById(id);
      if (details) details.setAttribute("open", "");
    }
    if (typed !== null && kept) {
      const again = document.getElementById(kept);
      if (again instanceof HTMLInputElement) again.value = typed;
    }
  }
  for (const key of ["tag", "revision"]) document.body.dataset[key] = fresh.body.dataset[key];
  if (focused && !focused.isConnected) around.some(focusOn);
  return fresh;
}

/** @param {Element | null} element @returns {string[]} Its id and those of its ancestors, innermost first. */
function idsAround(element) {
  const ids = [];
  for (let each = element; each; each = each.parentElement) if (each.id) ids.push(each.id);
  return ids;
}

/** Focus an element. @param {string} id @returns {boolean} Whether it exists and now has the focus. */
export function focusOn(id) {
  const element = document.getElementById(id);
  if (element) element.focus({ preventScroll: true });
  return element !== null && document.activeElement === element;
}

/**
 * Keep the focus in a panel that covers the page: what lies beneath cannot be seen.
 * @param {HTMLElement} panel @param {KeyboardEvent} event A key that was pressed in it.
 */
export function holdFocus(panel, event) {
  if (event.key !== "Tab") return;
  const buttons = [...panel.querySelectorAll("button")].filter((each) => each.offsetParent && !each.disabled);
  const last = event.shiftKey ? buttons[0] : buttons[buttons.length - 1];
  if (document.activeElement !== last && document.activeElement !== panel) return;
  event.preventDefault();
  buttons[event.shiftKey ? buttons.length - 1 : 0].focus();
}

/** Show an error in the place that every page has for it. @param {any} problem */
export function tell(problem) {
  const place = document.getElementById("alert");
  if (!place) return;
  const remedy = problem instanceof Refusal ? problem.data.remedy || "" : "";
  const offline = problem instanceof Offline ? "先别离开这一页；请重新打开本软件，再试一次。" : "";
  place.textContent = `${problem.message || "没有做成。"}${remedy || offline}`;
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

export function untell() {
  const place = document.getElementById("alert");
  if (place) place.hidden = true;
}

/** @param {string} text @param {boolean} [bad] */
export function say(text, bad = false) {
  const place = document.getElementById("saved");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

/**
 * Carry out an action that changes the application, then show the current page.
 * @param {() => Promise<any>} action @param {string} [done] Shown once it is done.
 */
export async function change(action, done = "已保存") {
  untell();
  try {
    const made = await action();
    say(done);
    await refresh();
    return made;
  } catch (problem) {
    tell(problem);
    return null;
  }
}

/**
 * Send files one after the other, each with a line that shows its progress.
 * @param {Iterable<File>} files @param {Element} place
 * @param {(name: string) => string} url
 */
export async function sendAll(files, place, url) {
  let sent = 0;
  for (const old of place.querySelectorAll(".finding")) old.remove(); // what went wrong last time
  const waiting = [...files].map((file) => {
    const [line, name, bar] = ["p", "span", "progress"].map((tag) => document.createElement(tag));
    name.textContent = file.name;
    bar.setAttribute("aria-label", file.name);
    line.append(name, "等待中");
    place.append(line);
    return { file, line, name, bar: /** @type {HTMLProgressElement} */ (bar) };
  });
  for (const { file, line, name, bar } of waiting) {
    bar.max = 1;
    line.replaceChildren(name, bar);
    try {
      await upload(url(encodeURIComponent(file.name)), file, (share) => {
        if (share < 1) bar.value = share;
        else bar.removeAttribute("value");
      });
      line.remove();
      sent += 1;
    } catch (problem) {
      bar.remove();
      line.className = "finding error";
      name.textContent = `${file.name}：${problem.message}${(problem.data && problem.data.remedy) || ""}`;
    }
  }
  return sent;
}

/**
 * Send files that are dropped on an element, or chosen with its button, then call `then`.
 * @param {HTMLElement | null} zone @param {HTMLElement | null} picker @param {string} url
 * @param {() => Promise<any>} then
 */
export function sendTo(zone, picker, url, then) {
  /** @param {Iterable<File>} files */
  async function taken(files) {
    untell();
    const place = zone && zone.querySelector(".uploads");
    if (!place || !(await sendAll(files, place, (name) => `${url}?name=${name}`))) return;
    try {
      await then();
    } catch (problem) {
      tell(problem);
    }
  }

  if (zone) dropZone(zone, taken);
  if (!(picker instanceof HTMLInputElement)) return;
  picker.addEventListener("change", () => {
    const files = picker.files ? [...picker.files] : [];
    picker.value = "";
    taken(files);
  });
}

/**
 * Call `taken` with files that are dropped on an element.
 * @param {HTMLElement} zone @param {(files: FileList) => void} taken
 */
export function dropZone(zone, taken) {
  const holdsFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  zone.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(/** @type {Node | null} */ (event.relatedTarget))) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!holdsFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    taken(event.dataTransfer.files);
  });
}
