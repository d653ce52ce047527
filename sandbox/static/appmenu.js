/** The menu at the foot of an app's chat: up to three entries, some of which open a list above them. */

import { h, icon, link, safeUrl } from "./dom.js";

/**
 * @param {Element} bar
 * @param {Array<{name: string, url: string, below: Array<{name: string, url: string}>}>} entries
 * @param {(label: string) => void} choose
 */
export function drawAppMenu(bar, entries, choose) {
  bar.hidden = entries.length === 0;
  bar.replaceChildren(...entries.map((entry) => (entry.below.length ? opening(bar, entry, choose) : single(entry, choose))));
}

function single(entry, choose) {
  if (safeUrl(entry.url)) return link(entry.url, entry.name);
  return h("button", { type: "button", onclick: () => choose(entry.name) }, entry.name);
}

function opening(bar, entry, choose) {
  const list = h("div", { class: "app-menu-list", role: "menu", hidden: true }, entry.below.map((one) => single(one, (label) => { show(false); choose(label); })));
  const button = h("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("menu"), entry.name);
  const show = (open) => { list.hidden = !open; button.setAttribute("aria-expanded", String(open)); };
  button.addEventListener("click", () => show(list.hidden));
  const box = h("div", { class: "app-menu-entry" }, button, list);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); button.focus(); } });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) show(false); });
  return box;
}
