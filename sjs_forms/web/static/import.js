// 导入: filled Word forms held against the answers, each difference chosen by a person.

import { dropZone, post, sendAll, tell, untell } from "./api.js";
import "./page.js";

const drop = document.getElementById("word-drop");
const picker = document.getElementById("word");

/** @param {Iterable<File>} files */
async function taken(files) {
  untell();
  const place = drop && drop.querySelector(".uploads");
  if (!place) return;
  const sent = await sendAll(files, place, (name) => `/api/word?name=${name}`);
  if (!sent) return;
  try {
    await post("/api/word/read");
    location.reload();
  } catch (problem) {
    tell(problem);
  }
}

if (drop) dropZone(drop, taken);
if (picker instanceof HTMLInputElement) {
  picker.addEventListener("change", () => {
    const files = picker.files ? [...picker.files] : [];
    picker.value = "";
    taken(files);
  });
}

document.getElementById("proposal")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  untell();
  const chosen = [...document.querySelectorAll("input[value='take']:checked")];
  try {
    await post("/api/word/apply", { paths: chosen.map((each) => each.getAttribute("data-path")) });
    location.assign("/form");
  } catch (problem) {
    tell(problem);
  }
});

document.querySelector("[data-drop-word]")?.addEventListener("click", async () => {
  await post("/api/word/drop").catch(tell);
  location.reload();
});
