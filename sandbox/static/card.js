/** A template card as the WeCom client draws it. */

import { avatar, h, icon, link, picture, safeUrl } from "./dom.js";
import { buttons, checkbox, dropdown, submit } from "./cardform.js";

const SOURCE_COLOURS = ["grey", "black", "red", "green"];

/**
 * @param {{id: string, card: object}} message
 * @param {{pending: string|null, draft: object, press: Function, menu: Function, pick: Function, nameOf: Function}} context
 *   `pending`: key of the button under way; `draft`: {question_key: [ids]} chosen so far.
 */
export function drawCard(message, context) {
  const card = message.card ?? {};
  const state = card.state ?? {};
  const face = { card, state, ...context, frozen: Boolean(state.disabled || state.pressed) || context.pending !== null };
  const node = h("article", {
    class: "card", "data-testid": "card", "data-card-type": card.card_type, "data-task": card.task_id,
    "data-disabled": state.disabled ? "true" : "false", "aria-busy": context.pending !== null ? "true" : null,
    "aria-label": card.main_title?.title || "卡片",
  },
  sourceLine(card, face),
  h("div", { class: "card-body" },
    mainTitle(card),
    cardImage(card),
    imageText(card.image_text_area),
    quoteArea(card.quote_area),
    emphasis(card.emphasis_content),
    card.sub_title_text ? h("p", { class: "card-sub" }, card.sub_title_text) : null,
    vertical(card.vertical_content_list),
    horizontal(card.horizontal_content_list, context.nameOf)),
  card.button_selection ? dropdown(card.button_selection, face) : null,
  (card.select_list ?? []).map((select) => dropdown(select, face)),
  card.checkbox ? checkbox(card.checkbox, face) : null,
  card.submit_button ? submit(face) : null,
  card.button_list?.length ? buttons(face) : null,
  jumps(card.jump_list));
  return node;
}

function sourceLine(card, face) {
  const { source, action_menu: menu } = card;
  if (!source && !menu) return null;
  const colour = SOURCE_COLOURS[source?.desc_color ?? 0] ?? "grey";
  const mark = () => h("img", { class: "card-source-icon", src: "mark.svg", alt: "" });
  let image = null;
  if (source) {
    image = safeUrl(source.icon_url) ? h("img", { class: "card-source-icon", src: safeUrl(source.icon_url), alt: "" }) : mark();
    image.addEventListener("error", (event) => event.target.replaceWith(mark()), { once: true });
  }
  return h("header", { class: "card-source" }, image,
    h("span", { class: `card-source-text is-${colour}` }, source?.desc ?? ""),
    menu?.action_list?.length ? actionMenu(menu, face) : null);
}

function actionMenu(menu, face) {
  const list = h("div", { class: "card-menu", role: "menu", hidden: true },
    menu.desc ? h("p", {}, menu.desc) : null,
    menu.action_list.map(({ text, key }) => h("button", {
      type: "button", role: "menuitem", "data-key": key,
      onclick: () => { show(false); face.menu(key); },
    }, text)));
  const toggle = h("button", {
    type: "button", class: "icon-button card-more", "data-testid": "card-menu", "aria-label": menu.desc || "更多操作",
    "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => show(list.hidden),
  }, icon("more"));
  const box = h("div", { class: "card-menu-box" }, toggle, list);
  const away = (event) => { if (!box.contains(event.target)) show(false); };
  function show(open) {
    list.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    (open ? document.addEventListener : document.removeEventListener).call(document, "pointerdown", away);
    if (open) list.querySelector("button")?.focus();
  }
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    toggle.focus();
  });
  return box;
}

function mainTitle(card) {
  const { title, desc } = card.main_title ?? {};
  if (!title && !desc) return null;
  const action = card.card_action;
  const heading = action?.type === 1 && safeUrl(action.url) ? link(action.url, title) : title;
  if (heading instanceof Element) heading.classList.add("card-link");
  return h("div", { class: "card-main" }, title ? h("h4", {}, heading) : null, desc ? h("p", {}, desc) : null);
}

function cardImage(card) {
  if (!card.card_image?.url) return null;
  const ratio = Math.min(2.25, Math.max(1.3, Number(card.card_image.aspect_ratio) || 1.3));
  return h("div", { class: "card-image", style: { "aspect-ratio": String(ratio) } }, picture(card.card_image.url, "card-image-picture"));
}

function imageText(area) {
  if (!area?.image_url && !area?.title) return null;
  return h("div", { class: "card-image-text" },
    h("div", {}, area.title ? h("b", {}, area.type === 1 ? link(area.url, area.title) : area.title) : null, area.desc ? h("p", {}, area.desc) : null),
    picture(area.image_url, "card-thumb"));
}

function quoteArea(quote) {
  if (!quote?.title && !quote?.quote_text) return null;
  const title = quote.type === 1 ? link(quote.url, quote.title || "查看原文") : quote.title;
  return h("blockquote", { class: "card-quote" },
    title ? h("b", {}, title) : null, quote.quote_text ? h("p", {}, quote.quote_text) : null);
}

function emphasis(content) {
  if (!content?.title && !content?.desc) return null;
  return h("div", { class: "card-emphasis" }, h("b", {}, content.title ?? ""), h("span", {}, content.desc ?? ""));
}

function vertical(items) {
  if (!items?.length) return null;
  return h("div", { class: "card-vertical" }, items.map(({ title, desc }) =>
    h("div", {}, h("b", {}, title ?? ""), desc ? h("p", {}, desc) : null)));
}

function horizontal(items, nameOf) {
  if (!items?.length) return null;
  return h("dl", { class: "card-facts" }, items.map((item) =>
    h("div", {}, h("dt", {}, item.keyname ?? ""), h("dd", {}, factValue(item, nameOf)))));
}

function factValue(item, nameOf) {
  if (item.type === 1) return link(item.url, item.value || "查看");
  if (item.type === 2) return h("span", { class: "fact-file" }, icon("clip"), item.value ?? "");
  if (item.type === 3) {
    const name = nameOf(item.userid) ?? item.value ?? "";
    return h("span", { class: "fact-person" }, avatar(item.userid, name), item.value || name);
  }
  return item.value ?? "";
}

function jumps(items) {
  if (!items?.length) return null;
  return h("nav", { class: "card-jumps" }, items.map(({ title, url, type }) => {
    const row = type === 1 ? link(url, h("span", {}, title ?? ""), icon("chevron")) : h("span", {}, h("span", {}, title ?? ""), icon("chevron"));
    row.classList.add("card-jump");
    return row;
  }));
}
