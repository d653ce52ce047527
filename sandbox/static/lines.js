/** The chats of the chosen colleague on one platform: with the app or robot, in groups. Hidden where there is only one. */

import { h } from "./dom.js";

const MARKS = { bot: "机器人", group: "群", dingtalk_group: "群" };

/** Which platform a chat is on. */
export const platformOf = ({ kind = "" }) => (kind.startsWith("dingtalk") ? "dingtalk" : "wecom");

/** Draws them into `list`; `choose` gets the chat's key. */
export function drawLines(list, chats, current, choose) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
  list.hidden = chats.length < 2;
  list.replaceChildren(...chats.map((chat) => line(chat, chat.key === current, choose)));
  if (focused) list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  const now = list.querySelector("[aria-current]");
  if (now) list.scrollTo({ left: now.offsetLeft - 40 });
}

function line({ key, name, kind, unread }, isCurrent, choose) {
  const waiting = isCurrent ? 0 : Number(unread) || 0;
  const mark = MARKS[kind];
  return h("button", {
    type: "button", class: "line", "data-testid": `chat-${key}`, "data-chat": key, "data-kind": kind,
    "aria-current": isCurrent ? "true" : null,
    "aria-label": [name, mark, waiting ? `${waiting} 条未读` : ""].filter(Boolean).join("，"),
    onclick: () => choose(key),
  }, name, mark ? h("small", {}, mark) : null, waiting ? h("span", { class: "badge" }, waiting > 99 ? "99+" : waiting) : null);
}
