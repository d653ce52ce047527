/** The input line: text, quotation, pictures, files, places; one draft for each colleague. */

import { byId, h } from "./dom.js";

const KEY = "genjin.drafts";
const IMAGE_BYTES = 10 * 1024 * 1024;
const FILE_BYTES = 20 * 1024 * 1024;
const PLACES = [
  { label: "华润置地大厦", lat: 22.5187, lng: 113.9512 },
  { label: "上海市浦东新区世纪大道 100 号", lat: 31.2346, lng: 121.5077 },
  { label: "北京市朝阳区建国路 91 号", lat: 39.9087, lng: 116.4716 },
];

/** @param {{send: Function, notify: Function}} hooks `send` answers whether there was a connection. */
export function createComposer(hooks) {
  const input = byId("composer");
  const sendButton = byId("send");
  const drafts = readDrafts();
  let user = null;
  let quote = null;
  let unheard = null;

  function refresh() {
    sendButton.disabled = !input.value.trim();
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 122)}px`;
    byId("composer-quote").hidden = !quote;
    byId("composer-quote-text").textContent = quote?.text ?? "";
    if (user) drafts[user] = { text: input.value, quote };
    writeDrafts(drafts);
  }

  function submit() {
    const text = input.value.trim();
    if (!text) return;
    if (!hooks.send({ type: "say", text, quote: quote?.id ?? null })) return;
    unheard = { user, text, quote };
    input.value = "";
    quote = null;
    refresh();
  }

  byId("composer-form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  input.addEventListener("input", refresh);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && quote) { quote = null; refresh(); }
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  byId("composer-quote-clear").addEventListener("click", () => { quote = null; refresh(); input.focus(); });
  attachments(hooks);

  return {
    /** Puts the unsent words of a chat back; `mention` is what a group's chat begins with. */
    open(userid, mention = "") {
      user = userid;
      input.value = drafts[userid]?.text || mention;
      quote = drafts[userid]?.quote ?? null;
      refresh();
    },
    quote(chosen) { quote = chosen; refresh(); input.focus(); },
    fill(text) {
      input.value = text;
      refresh();
      input.focus();
      input.setSelectionRange(text.length, text.length);
    },
    /** The server has shown a message of ours: what was sent did arrive. */
    heard() { unheard = null; },
    /** The connection is gone: words that nobody heard come back. */
    lost() {
      if (unheard && unheard.user === user && !input.value) {
        input.value = unheard.text;
        quote = unheard.quote;
        refresh();
      }
      unheard = null;
    },
  };
}

function attachments(hooks) {
  const plus = byId("plus");
  const menu = byId("plus-menu");
  const show = (open) => { menu.hidden = !open; plus.setAttribute("aria-expanded", String(open)); };
  plus.addEventListener("click", () => { show(menu.hidden); if (!menu.hidden) menu.querySelector("button").focus(); });
  byId("composer").addEventListener("focus", () => show(false));
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); plus.focus(); } });
  const open = { image: () => byId("pick-image").click(), file: () => byId("pick-file").click(), location: () => byId("place").showModal() };
  menu.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-attach]")?.dataset.attach;
    if (!kind) return;
    show(false);
    open[kind]();
  });
  byId("pick-image").addEventListener("change", (event) => upload(event.target, "send_image", IMAGE_BYTES, hooks));
  byId("pick-file").addEventListener("change", (event) => upload(event.target, "send_file", FILE_BYTES, hooks));
  placeDialog(hooks);
}

function upload(input, type, most, hooks) {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  if (file.size > most) { hooks.notify(`“${file.name}”超过 ${most / 1024 / 1024} MB，平台不收`); return; }
  const reader = new FileReader();
  reader.addEventListener("load", () => hooks.send({ type, name: file.name, data: String(reader.result).split(",", 2)[1] ?? "" }));
  reader.addEventListener("error", () => hooks.notify(`读不出“${file.name}”`));
  reader.readAsDataURL(file);
}

function placeDialog(hooks) {
  const dialog = byId("place");
  const form = byId("place-form");
  const fill = ({ label, lat, lng }) => {
    form.elements.label.value = label;
    form.elements.lat.value = lat;
    form.elements.lng.value = lng;
  };
  byId("place-presets").replaceChildren(...PLACES.map((place) =>
    h("button", { type: "button", class: "example", onclick: () => fill(place) }, place.label)));
  fill(PLACES[0]);
  byId("place-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => hooks.send({
    type: "send_location", label: form.elements.label.value.trim(),
    lat: Number(form.elements.lat.value), lng: Number(form.elements.lng.value),
  }));
}

function readDrafts() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function writeDrafts(drafts) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch { /* a private window: drafts then live as long as the page */ }
}
