/** The chats of the chosen colleague: with the app, with smart bots, in groups. Hidden where there is only one. */

import { byId, h } from "./dom.js";

/** Draws them; `choose` gets the chat's key. */
export function drawLines(chats, current, choose) {
  const list = byId("lines");
  const focused = document.activeElement?.dataset?.chat;
  list.hidden = chats.length < 2;
  list.replaceChildren(...chats.map((chat) => line(chat, chat.key === current, choose)));
  if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function line({ key, name, kind, unread }, isCurrent, choose) {
  const waiting = isCurrent ? 0 : Number(unread) || 0;
  return h("button", {
    type: "button", class: "line", "data-testid": `chat-${key}`, "data-chat": key, "data-kind": kind,
    "aria-current": isCurrent ? "true" : null,
    "aria-label": [name, kind === "bot" ? "智能机器人" : "", waiting ? `${waiting} 条未读` : ""].filter(Boolean).join("，"),
    onclick: () => choose(key),
  }, name, kind === "bot" ? h("small", {}, "机器人") : null, waiting ? h("span", { class: "badge" }, waiting > 99 ? "99+" : waiting) : null);
}
