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
    request.onerror = () =>
      file
        .slice(0, 1)
        .arrayBuffer()
        .then(
          () => failed(new Offline("没有传完，连接断了。")),
          () => failed(new Error("读不出来：可能已移走、改名，或正由别的程序占用。请看一下，再放一次。")),
        );
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

/** Where the focus fell as what held it went, and the ids that are to have it instead. */
let fallen = { to: /** @type {Element | null} */ (null), ids: /** @type {string[]} */ ([]) };

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
  const around = focused && focused === fallen.to ? fallen.ids : idsAround(focused);
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
  if (focused && (!focused.isConnected || focused === fallen.to)) {
    const ids = sameCard(focused, around);
    ids.some(focusOn); // a file that is opened again has its controls only afterwards
    fallen = { to: document.activeElement, ids };
  }
  return fresh;
}

/** @param {Element | null} element @returns {string[]} Its id and those of its ancestors, innermost first. */
function idsAround(element) {
  const ids = [];
  for (let each = element; each; each = each.parentElement) if (each.id) ids.push(each.id);
  return ids;
}

/**
 * Return ids as they are now if they belong to a file whose card has another: a file has its place in
 * the list for an id once there is a list. @param {Element} focused @param {string[]} ids
 */
function sameCard(focused, ids) {
  const card = focused.closest("[data-file]");
  if (!card || card.isConnected) return ids;
  const now = document.querySelector(`[data-file="${CSS.escape(card.getAttribute("data-file") || "")}"]`);
  return now ? ids.map((id) => id.replace(card.id, now.id)) : ids;
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

const AIM = "aim";
const LEAVING = 3000;
let leftAt = -LEAVING;
window.addEventListener("beforeunload", (event) => (leftAt = event.timeStamp));

/** Load the page anew; what went wrong gets the focus, else the first of these that is there. @param {string[]} ids */
export function reload(...ids) {
  if (performance.now() - leftAt < LEAVING) {
    setTimeout(() => reload(...ids), LEAVING); // whoever has just followed a link wants to go there
    return;
  }
  sessionStorage.setItem(AIM, ["problem", ...ids, "main"].join(" "));
  location.reload();
}

/** Give the focus to what the page before its reload asked for. */
export function aimAgain() {
  const ids = sessionStorage.getItem(AIM) || "";
  sessionStorage.removeItem(AIM);
  ids.split(" ").some(focusOn);
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
    if (problem instanceof Refusal && problem.status === 412) await refresh(); // changed elsewhere
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

const MOST = 300;
const LITTER = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;

/** Return what is dropped; of a folder the files in it, in the order of their names. @param {DataTransfer} data */
async function dropped(data) {
  const files = [...data.files];
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()); // gone after an `await`
  if (!entries.some((entry) => entry && entry.isDirectory)) return files;
  /** @type {File[]} */
  const found = [];
  for (const entry of entries) if (entry) await gather(entry, found);
  if (!found.length) throw new Error("没有放进去：这个文件夹里没有文件。");
  return found;
}

/** Add the files of a folder, or one file, to `found`. @param {any} entry @param {File[]} found */
async function gather(entry, found) {
  if (LITTER.test(entry.name)) return;
  if (entry.isFile) found.push(await new Promise((done, failed) => entry.file(done, failed)));
  if (found.length > MOST) throw new Error(`没有放进去：这个文件夹里的文件超过 ${MOST} 个。请打开它，只拖要用的。`);
  if (!entry.isDirectory) return;
  const reader = entry.createReader();
  const inside = [];
  for (let some = [null]; some.length; inside.push(...some))
    some = await new Promise((done, failed) => reader.readEntries(done, failed)); // a hundred at most
  inside.sort((one, other) => one.name.localeCompare(other.name, "zh", { numeric: true }));
  for (const each of inside) await gather(each, found);
}

/**
 * Call `taken` with files that are dropped on an element.
 * @param {HTMLElement} zone @param {(files: File[]) => void} taken
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
    untell();
    dropped(event.dataTransfer).then(taken).catch(tell);
  });
}
