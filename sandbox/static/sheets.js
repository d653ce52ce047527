/** On narrow screens the two side panels are sheets that slide over the phones. */

import { byId } from "./dom.js";

/** @param {{escape: () => boolean}} hooks `escape` may use the key first and answers whether it did. */
export function createSheets(hooks) {
  const scrim = byId("scrim");
  let opener = null;

  function close() {
    const open = document.querySelector(".panel.open");
    if (!open) return;
    open.classList.remove("open");
    scrim.hidden = true;
    byId("phones").inert = false;
    opener?.focus();
  }

  function show(name, from) {
    close();
    opener = from;
    byId(name).classList.add("open");
    scrim.hidden = false;
    byId("phones").inert = true;
    byId(name).querySelector("[data-close-sheet]")?.focus();
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-open-sheet]");
    if (button) show(button.dataset.openSheet, button);
  });
  for (const button of document.querySelectorAll("[data-close-sheet]")) button.addEventListener("click", close);
  scrim.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !hooks.escape()) close();
  });
  return { close };
}
