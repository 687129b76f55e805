// 导入: filled Word forms held against the answers, each difference chosen by a person.

import { post, sendTo, tell, untell } from "./api.js";
import "./page.js";

sendTo(document.getElementById("word-drop"), document.getElementById("word"), "/api/word", async () => {
  await post("/api/word/read");
  location.reload();
});

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
