/** On narrow screens the two side panels are sheets that slide over the phone. */

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
    document.querySelector(".phone").inert = false;
    opener?.focus();
  }

  function show(name, from) {
    close();
    opener = from;
    byId(name).classList.add("open");
    scrim.hidden = false;
    document.querySelector(".phone").inert = true;
    byId(name).querySelector("[data-close-sheet]")?.focus();
  }

  for (const button of document.querySelectorAll("[data-open-sheet]")) {
    button.addEventListener("click", () => show(button.dataset.openSheet, button));
  }
  for (const button of document.querySelectorAll("[data-close-sheet]")) button.addEventListener("click", close);
  scrim.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !hooks.escape()) close();
  });
  return { close };
}
