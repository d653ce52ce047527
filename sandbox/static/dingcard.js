/** A card as the DingTalk client draws it: its face from top to bottom, its form, its buttons. */

import { h, icon, safeUrl } from "./dom.js";
import { dingForm } from "./dingform.js";
import { dingMarkdown } from "./dingtext.js";
import { text } from "./richtext.js";

const LOOKS = { 1: "blue", 2: "red", 3: "green", 4: "gray" };

/** Same arguments as `drawCard`, and `say` in the context. */
export function drawDingCard(message, context) {
  const card = message.card ?? {};
  const state = card.state ?? {};
  const face = { card, state, ...context, frozen: Boolean(state.disabled || state.pressed) || context.pending !== null };
  return h("article", {
    class: `card ding-card is-${card.card_type ?? "dingtalk"}`, "data-testid": "card", "data-card-type": card.card_type,
    "data-disabled": state.disabled ? "true" : "false", "aria-busy": context.pending !== null ? "true" : null,
    "aria-label": message.text || "卡片",
  },
  (card.blocks ?? []).filter(({ below }) => !below).map((one) => block(one, context)),
  card.submit_button ? dingForm(face) : null,
  card.button_list?.length ? buttons(face) : null,
  (card.blocks ?? []).filter(({ below }) => below).map((one) => block(one, context)));
}

function block({ kind, text: words, look }, context) {
  if (kind === "title") return h("header", { class: "ding-title" }, h("h4", {}, words));
  if (kind === "markdown") return h("div", { class: "ding-block ding-markdown" }, dingMarkdown(words, context));
  return h("p", { class: `ding-block ding-text${look ? ` is-${look}` : ""}` }, text(words));
}

function buttons(face) {
  const list = face.card.button_list;
  const narrow = list.length === 2 && list.every(({ text: words = "" }) => [...words].length <= 6);
  return h("div", { class: "ding-buttons", "data-columns": narrow ? "2" : "1" }, list.map((button, index) => oneButton(button, index, face)));
}

function oneButton({ text: words, key, style, type, url, disabled }, index, face) {
  const look = { class: `is-${LOOKS[style] ?? "blue"}`, "data-testid": `button-${index}` };
  const href = type === 1 ? safeUrl(url) : "";
  if (href) return h("a", { ...look, href, target: "_blank", rel: "noopener noreferrer" }, words, icon("chevron"));
  const busy = face.pending === key;
  return h("button", { ...look, type: "button", "data-key": key, disabled: face.frozen || Boolean(disabled), onclick: () => face.press(key) },
    busy ? h("span", { class: "spinner", role: "status", "aria-label": "处理中" }) : null, words);
}
