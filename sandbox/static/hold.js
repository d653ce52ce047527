/** Holding a message on a touch screen. */

const LONG_PRESS_MS = 450;
const STEADY_PX = 10;

/** On touch, holding a message shows its tools until something else is touched. */
export function longPress(node) {
  let timer = 0;
  let start = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" || event.target.closest("button, a, select, label")) return;
    start = event;
    timer = setTimeout(() => openTools(node), LONG_PRESS_MS);
  });
  node.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > STEADY_PX) clearTimeout(timer);
  });
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, () => clearTimeout(timer));
}

function openTools(node) {
  document.querySelector(".message.tools-open")?.classList.remove("tools-open");
  node.classList.add("tools-open");
  const away = (event) => {
    if (event.target.closest(".message-tools") && node.contains(event.target)) return;
    node.classList.remove("tools-open");
    document.removeEventListener("pointerdown", away);
  };
  document.addEventListener("pointerdown", away);
}
