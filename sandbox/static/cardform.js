/** The parts of a card that can be chosen and pressed. */

import { h, icon, safeUrl } from "./dom.js";

const STYLES = { 1: "blue", 2: "red", 3: "green", 4: "grey" };

/** What is chosen for a question: the server's word once settled, else the draft, else the card's default. */
function chosen(question, face, fallback) {
  const settled = face.state.selected?.[question];
  if (settled && (face.state.disabled || !face.draft[question])) return settled;
  return face.draft[question] ?? fallback;
}

/** A drop-down row: `button_selection` or one of `select_list`. */
export function dropdown(select, face) {
  const { question_key: question, title, option_list: options = [], selected_id: selected } = select;
  const current = chosen(question, face, [selected ?? options[0]?.id])[0];
  const field = h("select", {
    "data-testid": `select-${question}`, "aria-label": title || "请选择",
    disabled: face.frozen || Boolean(select.disable),
    onchange: (event) => face.pick(question, [event.target.value]),
  }, options.map(({ id, text }) => h("option", { value: id, selected: id === current }, text)));
  return h("label", { class: "card-select" }, h("span", {}, title || "请选择"), field, icon("chevron"));
}

/** The choices of a vote card: one (mode 0) or several (mode 1). */
export function checkbox(box, face) {
  const { question_key: question, option_list: options = [], mode } = box;
  const several = Number(mode) === 1;
  const current = new Set(chosen(question, face, options.filter((option) => option.is_checked).map(({ id }) => id)));
  const group = h("div", { class: "card-options", role: several ? "group" : "radiogroup" });
  const read = () => [...group.querySelectorAll("input:checked")].map((input) => input.value);
  group.append(...options.map(({ id, text }) => h("label", { class: "card-option" },
    h("input", {
      type: several ? "checkbox" : "radio", name: `${face.card.task_id ?? ""}:${question}`, value: id,
      "data-testid": `option-${id}`, checked: current.has(id), disabled: face.frozen || Boolean(box.disable),
      onchange: () => face.pick(question, read()),
    }),
    h("span", { class: several ? "mark square" : "mark" }, icon("check")), h("span", {}, text))));
  return group;
}

/** Every open question's answer as it would be sent now: {question_key: [option ids]}. */
export function selection(card, draft) {
  const answer = {};
  const selects = [card.button_selection, ...(card.select_list ?? [])].filter((select) => select && !select.disable);
  for (const { question_key: question, selected_id: selected, option_list: options = [] } of selects) {
    answer[question] = draft[question] ?? [selected ?? options[0]?.id].filter(Boolean);
  }
  for (const box of [card.checkbox, ...(card.checkboxes ?? [])].filter((one) => one && !one.disable)) {
    const { question_key: question, option_list: options = [] } = box;
    answer[question] = draft[question] ?? options.filter((option) => option.is_checked).map(({ id }) => id);
  }
  for (const { question_key: question, value, disable } of card.inputs ?? []) {
    if (!disable) answer[question] = draft[question] ?? [value ?? ""];
  }
  return answer;
}

/** The one wide button under a vote or multiple-choice card. */
export function submit(face) {
  const { text, key } = face.card.submit_button;
  const settled = face.state.disabled;
  return h("div", { class: "card-submit" }, h("button", {
    type: "button", "data-testid": "button-0", "data-key": key, disabled: face.frozen,
    class: settled ? "is-settled" : null, onclick: () => face.press(key),
  }, sign(key, face), settled ? face.state.replace_text || "已提交" : text || "提交"));
}

/** Text buttons divided by hairlines; once settled, one grey word in their place. */
export function buttons(face) {
  const list = face.card.button_list;
  if (face.state.disabled && face.state.replace_text) {
    return h("div", { class: "card-buttons", "data-columns": "1" }, h("button", {
      type: "button", class: "is-settled", "data-testid": "button-0", disabled: true,
    }, face.state.replace_text));
  }
  return h("div", { class: "card-buttons", "data-columns": String(columns(list)) },
    list.map((button, index) => oneButton(button, index, face)));
}

function columns(list) {
  const longest = Math.max(...list.map(({ text = "" }) => [...text].length));
  if (list.length % 3 === 0 && longest <= 4) return 3;
  return list.length > 1 && longest <= 7 ? 2 : 1;
}

function oneButton(button, index, face) {
  const look = { class: `is-${STYLES[button.style] ?? "blue"}`, "data-testid": `button-${index}` };
  if (button.type === 1) {
    const href = safeUrl(button.url);
    if (href && !face.state.disabled) return h("a", { ...look, href, target: "_blank", rel: "noopener noreferrer" }, button.text);
    return h("button", { ...look, type: "button", disabled: true }, button.text);
  }
  const { key, text } = button;
  return h("button", { ...look, type: "button", "data-key": key, disabled: face.frozen, onclick: () => face.press(key) },
    sign(key, face), text);
}

/** Beside a button's word: a spinner while under way, a tick once it has been pressed. */
function sign(key, face) {
  if (face.pending === key) return spinner();
  return face.state.pressed === key && !face.state.disabled ? icon("check") : null;
}

const spinner = () => h("span", { class: "spinner", role: "status", "aria-label": "处理中" });
