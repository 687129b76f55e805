// Clicks and input that come before the page's modules have run: kept, and sent again afterwards.
// A button that is clicked again, because nothing seemed to happen, is meant once.
// Not a module itself, so that it runs before anything of the page can be clicked.

(() => {
  /** @type {Array<[string, EventTarget]>} */
  const early = [];
  const kinds = ["click", "input", "change"];

  /** @param {Event} event */
  function keep(event) {
    const { target, type } = event;
    if (!(target instanceof Element)) return;
    const button = target.closest("button");
    if (type !== "click") early.push([type, target]);
    else if (button) {
      event.preventDefault(); // a submitted form would leave the page
      const isAgain = early.some(([kind, one]) => kind === type && one === button);
      if (!isAgain) early.push([type, button]); // a link or a box does its own work
    }
  }

  for (const kind of kinds) document.addEventListener(kind, keep, true);
  // Modules run before this event.
  document.addEventListener("DOMContentLoaded", () => {
    for (const kind of kinds) document.removeEventListener(kind, keep, true);
    for (const [kind, target] of early) {
      if (kind === "click" && target instanceof HTMLElement) target.click();
      else target.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
})();
