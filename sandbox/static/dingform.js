/** The form of a DingTalk card: a name above each field, one wide button under all of them. */

import { h, icon } from "./dom.js";

const TYPES = { DATE: "date", TIME: "time", DATETIME: "datetime-local", NUMBER: "text" };

/** `face` as in card.js. Fields stand in the order that the form gives them. */
export function dingForm(face) {
  const { select_list: selects = [], checkboxes = [], inputs = [], order = [], submit_button: submit } = face.card;
  const drawn = new Map([
    ...inputs.map((one) => [one, written]), ...selects.map((one) => [one, chosen]), ...checkboxes.map((one) => [one, ticked]),
  ]);
  const place = ({ question_key: name }) => (order.includes(name) ? order.indexOf(name) : order.length);
  const fields = [...drawn.keys()].sort((a, b) => place(a) - place(b));
  const settled = face.state.disabled;
  const node = h("form", { class: "ding-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); send(); } },
    fields.map((one) => drawn.get(one)(one, face)),
    h("button", { type: "submit", class: "ding-submit", "data-testid": "submit", "data-key": submit.key, disabled: face.frozen },
      face.pending === submit.key ? h("span", { class: "spinner", role: "status", "aria-label": "处理中" }) : null,
      settled ? face.state.replace_text || "已提交" : submit.text || "提交"));
  function send() {
    const empty = [...node.querySelectorAll("[data-required]")].find((field) => !filled(field));
    for (const field of node.querySelectorAll(".is-missing")) field.classList.remove("is-missing");
    if (!empty) { face.press(submit.key); return; }
    empty.classList.add("is-missing");
    empty.querySelector("input, select, textarea")?.focus();
  }
  return node;
}

function filled(field) {
  const boxes = [...field.querySelectorAll("input[type=checkbox]")];
  if (boxes.length) return boxes.some((box) => box.checked);
  return Boolean(field.querySelector("input, select, textarea")?.value.trim());
}

function labelled(one, tag, ...inside) {
  const alone = one.option_list?.length === 1 && one.option_list[0].text === one.title;
  return h(tag, { class: "ding-field", "data-required": one.required ? "" : null, role: tag === "div" ? "group" : null, "aria-label": tag === "div" ? one.title : null },
    alone ? null : h("span", { class: "ding-label" }, one.title, one.required ? h("i", { "aria-label": "必填" }, "*") : null), inside,
    one.required ? h("small", { class: "ding-missing" }, one.required_text || `请填写${one.title}`) : null);
}

const off = (one, face) => face.frozen || Boolean(one.disable);

/** A field to write in; the platform wants a date and a time with a blank between. */
function written(one, face) {
  const { question_key: name, kind, placeholder, title, value } = one;
  const moment = kind === "DATETIME";
  const node = h(kind === "TEXT_AREA" ? "textarea" : "input", {
    type: kind === "TEXT_AREA" ? null : TYPES[kind] ?? "text", rows: kind === "TEXT_AREA" ? "3" : null,
    inputmode: kind === "NUMBER" ? "decimal" : null, "data-testid": `input-${name}`, "aria-label": title,
    placeholder: placeholder || (kind === "NUMBER" ? "请输入数字" : "请输入"), disabled: off(one, face),
    oninput: ({ target }) => face.pick(name, [moment ? target.value.replace("T", " ") : target.value]),
  });
  const now = face.draft[name]?.[0] ?? value ?? "";
  node.value = moment ? now.replace(" ", "T") : now;
  return labelled(one, "label", node);
}

function chosen(one, face) {
  const { question_key: name, title, option_list: options = [], selected_id: selected } = one;
  const current = face.draft[name]?.[0] ?? selected ?? "";
  return labelled(one, "label", h("span", { class: "ding-select" },
    h("select", {
      "data-testid": `select-${name}`, "aria-label": title, disabled: off(one, face),
      onchange: ({ target }) => face.pick(name, [target.value]),
    }, options.map(({ id, text }) => h("option", { value: id, selected: id === current }, text))), icon("chevron")));
}

function ticked(one, face) {
  const { question_key: name, option_list: options = [] } = one;
  const current = new Set(face.draft[name] ?? options.filter((option) => option.is_checked).map(({ id }) => id));
  const box = h("div", { class: "ding-ticks" }, options.map(({ id, text }) => h("label", { class: "ding-tick" },
    h("input", {
      type: "checkbox", value: id, "data-testid": `option-${id}`, checked: current.has(id), disabled: off(one, face),
      onchange: () => face.pick(name, [...box.querySelectorAll("input:checked")].map((input) => input.value)),
    }), h("span", { class: "mark square" }, icon("check")), h("span", {}, text))));
  return labelled(one, "div", box);
}
