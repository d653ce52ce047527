/** The message list of the chosen colleague: keyed by id, with times between, scrolled with care. */

import { h } from "./dom.js";
import { exampleButton, firstWords } from "./people.js";
import { drawMessage } from "./message.js";
import { selection } from "./cardform.js";
import { summary } from "./richtext.js";
import { chatTime } from "./time.js";

const GAP_MS = 5 * 60_000;
const PENDING_MS = 4000;

/**
 * @param {(name: string) => Element} part finds a part of the phone
 * @param {{platform: string, send: Function, quote: Function, pick: Function, me: Function, nameOf: Function, colorOf: Function,
 *   botName: Function, notify: Function}} hooks
 */
export function createChat(part, hooks) {
  const list = part("messages");
  const pill = part("new-messages");
  const messages = new Map();
  const nodes = new Map();
  const drafts = new Map();
  const pending = new Map();

  const atBottom = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  function toBottom(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({ top: list.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    pill.hidden = true;
  }
  pill.addEventListener("click", () => toBottom(true));
  let pinned = true;
  list.addEventListener("scroll", () => {
    pinned = atBottom();
    if (pinned) pill.hidden = true;
  }, { passive: true });
  new ResizeObserver(() => { if (pinned) toBottom(false); }).observe(list);
  list.addEventListener("load", (event) => { if (event.target.tagName === "IMG" && list.scrollHeight - list.scrollTop - list.clientHeight < 400) toBottom(false); }, true);

  function context(message) {
    const draft = drafts.get(message.id) ?? {};
    return {
      platform: hooks.platform, me: hooks.me(), nameOf: hooks.nameOf, colorOf: hooks.colorOf, botName: hooks.botName, draft,
      pending: pending.get(message.id)?.key ?? null,
      find: (id) => messages.get(id),
      quote: (chosen) => hooks.quote({ id: chosen.id, text: summary(chosen) }),
      raw: hooks.raw,
      copy: (chosen) => navigator.clipboard?.writeText(chosen.text ?? summary(chosen, 2000)).catch(() => hooks.notify("这个浏览器不让复制")),
      pick: (question, ids) => drafts.set(message.id, { ...drafts.get(message.id), [question]: ids }),
      press: (key) => press(message, key),
      say: (words) => hooks.send({ type: "say", text: words, quote: null }),
      menu: (key) => {
        if (hooks.send({ type: "menu", message: message.id, key })) wait(message, key);
      },
    };
  }

  function press(message, key) {
    const selected = selection(message.card, drafts.get(message.id) ?? {});
    if (hooks.send({ type: "press", message: message.id, key, selected })) wait(message, key);
  }

  function wait(message, key) {
    pending.set(message.id, { key, timer: setTimeout(() => settle(message.id), PENDING_MS) });
    redraw(message.id);
  }

  /** The platform has noted our press and the app has not answered it yet. */
  const underWay = ({ id, card }) => pending.has(id) && !card?.state?.disabled && card?.state?.pressed === pending.get(id).key;

  function forget(id) {
    clearTimeout(pending.get(id)?.timer);
    return pending.delete(id);
  }

  function settle(id) {
    if (forget(id)) redraw(id);
  }

  /** Draws one message again, keeping the keyboard's place in it. */
  function redraw(id) {
    const old = nodes.get(id);
    const message = messages.get(id);
    if (!old || !message) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    const fresh = drawMessage(message, context(message));
    fresh.classList.add("still");
    old.replaceWith(fresh);
    nodes.set(id, fresh);
    if (focused) (fresh.querySelector(`[data-testid="${CSS.escape(focused)}"]:not(:disabled)`) ?? list).focus({ preventScroll: true });
  }

  function add(message, previous) {
    const when = Date.parse(message.time);
    if (!previous || when - Date.parse(previous.time) > GAP_MS) {
      list.append(h("div", { class: "time-line", "data-time": message.time }, chatTime(when)));
    }
    const node = drawMessage(message, context(message));
    nodes.set(message.id, node);
    messages.set(message.id, message);
    list.append(node);
    return node;
  }

  function emptyState() {
    return h("div", { class: "chat-empty" },
      h("img", { src: "mark.svg", alt: "", width: "56", height: "56" }),
      h("b", {}, "说一句话试试"),
      h("p", {}, "像发给同事一样说，跟进助手会记下来，也会在该提醒的时候来找你。"),
      firstWords.map((sentence) => exampleButton(sentence, hooks.pick)));
  }

  function clear() {
    pending.forEach(({ timer }) => clearTimeout(timer));
    for (const held of [messages, nodes, pending, drafts]) held.clear();
    list.replaceChildren();
    pill.hidden = true;
  }

  return {
    clear,
    /** Shows a whole conversation. */
    show(all) {
      clear();
      list.classList.add("still");
      let previous = null;
      for (const message of all) { add(message, previous); previous = message; }
      if (!all.length) list.append(emptyState());
      toBottom(false);
      requestAnimationFrame(() => { toBottom(false); list.classList.remove("still"); });
    },
    /** A new message, or a known one that has changed. */
    put(message) {
      const stay = atBottom() || message.from === "user";
      if (messages.has(message.id)) {
        messages.set(message.id, message);
        if (!underWay(message)) forget(message.id);
        redraw(message.id);
      } else {
        list.querySelector(".chat-empty")?.remove();
        add(message, [...messages.values()].at(-1));
        if (!stay) pill.hidden = false;
      }
      if (stay) toBottom(true);
    },
    /** Nothing is under way any more (an error, or the connection is gone). */
    release() { [...pending.keys()].forEach(settle); },
    /** The clock has jumped: what was 09:41 may now be 昨天 09:41. */
    retime() {
      for (const line of list.querySelectorAll(".time-line")) line.textContent = chatTime(Date.parse(line.dataset.time));
    },
  };
}
