/** The input line: text, quotation, pictures, files, places; one draft for each chat. */

const KEY = "genjin.drafts";
const IMAGE_BYTES = 10 * 1024 * 1024;
const FILE_BYTES = 20 * 1024 * 1024;
const TALLEST = 122; // px, as in phone.css
const drafts = readDrafts();

/**
 * @param {(name: string) => Element} part finds a part of the phone
 * @param {{send: Function, place: Function, notify: Function}} hooks `send` answers whether there was a connection;
 *   `place` asks where somebody is and hands the place on.
 */
export function createComposer(part, hooks) {
  const input = part("composer");
  const sendButton = part("send");
  let chat = null;
  let mention = "";
  let quote = null;
  let unheard = null;

  function refresh() {
    sendButton.disabled = !input.value.trim() || input.value.trim() === mention.trim();
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
    input.style.overflowY = input.scrollHeight > TALLEST ? "auto" : "hidden";
    part("quote").hidden = !quote;
    part("quote-text").textContent = quote?.text ?? "";
    if (chat) drafts[chat] = { text: input.value, quote };
    writeDrafts(drafts);
  }

  function submit() {
    const text = input.value.trim();
    if (!text || text === mention.trim()) return;
    if (!hooks.send({ type: "say", text, quote: quote?.id ?? null })) return;
    unheard = { chat, text, quote };
    input.value = mention && text.startsWith(mention.trim()) ? mention : "";
    quote = null;
    refresh();
  }

  part("composer-form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  input.addEventListener("input", refresh);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && quote) { quote = null; refresh(); }
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  part("quote-clear").addEventListener("click", () => { quote = null; refresh(); input.focus(); });
  attachments(part, hooks);

  return {
    /** Puts the unsent words of a chat back; `begin` is what a group's chat begins with: the mention of a robot. */
    open(key, begin = "") {
      chat = key;
      mention = begin;
      input.disabled = !key;
      input.value = drafts[key]?.text || mention;
      quote = drafts[key]?.quote ?? null;
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
    focus() { input.focus(); },
    /** The connection is gone: words that nobody heard come back. */
    lost() {
      if (unheard && unheard.chat === chat && !input.value) {
        input.value = unheard.text;
        quote = unheard.quote;
        refresh();
      }
      unheard = null;
    },
  };
}

function attachments(part, hooks) {
  const plus = part("plus");
  const menu = part("plus-menu");
  const show = (open) => { menu.hidden = !open; plus.setAttribute("aria-expanded", String(open)); };
  plus.addEventListener("click", () => { show(menu.hidden); if (!menu.hidden) menu.querySelector("button").focus(); });
  part("composer").addEventListener("focus", () => show(false));
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); plus.focus(); } });
  const open = { image: () => part("pick-image").click(), file: () => part("pick-file").click(), location: () => hooks.place((place) => hooks.send({ type: "send_location", ...place })) };
  menu.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-attach]")?.dataset.attach;
    if (!kind) return;
    show(false);
    open[kind]();
  });
  part("pick-image").addEventListener("change", (event) => upload(event.target, "send_image", IMAGE_BYTES, hooks));
  part("pick-file").addEventListener("change", (event) => upload(event.target, "send_file", FILE_BYTES, hooks));
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
