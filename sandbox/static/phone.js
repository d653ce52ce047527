/** One phone: the chats of the chosen colleague on one platform. */

import { byId } from "./dom.js";
import { drawAppMenu } from "./appmenu.js";
import { createChat } from "./chat.js";
import { createComposer } from "./composer.js";
import { drawLines } from "./lines.js";

const NAMES = { wecom: "企业微信", dingtalk: "钉钉" };

/**
 * @param {"wecom"|"dingtalk"} platform
 * @param {object} hooks What chat and composer want, and `turn(key)` to go to another chat.
 *   `send` is given every wish with the chat that it is about.
 */
export function createPhone(platform, hooks) {
  const root = byId("phone-template").content.cloneNode(true).firstElementChild;
  root.dataset.platform = platform;
  root.dataset.testid = `phone-${platform}`;
  root.setAttribute("aria-label", NAMES[platform]);
  byId("phones").append(root);
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  part("platform-name").textContent = NAMES[platform];
  const state = { user: null, lines: [], key: null };

  const send = (message) => hooks.send({ ...message, chat: state.key });
  const composer = createComposer(part, { ...hooks, send });
  const pick = (sentence) => { hooks.picked(); composer.fill(current()?.mention ? `${current().mention}${sentence}` : sentence); };
  const chat = createChat(part, { ...hooks, platform, send, pick, quote: composer.quote, botName });

  const current = () => state.lines.find(({ key }) => key === state.key);
  function botName() {
    const { mention = "", name = "" } = current() ?? {};
    return mention.trim().replace(/^@/, "") || name;
  }

  function draw() {
    const { user } = state;
    part("title").textContent = current()?.name ?? NAMES[platform];
    part("title").dataset.kind = current()?.kind ?? "";
    part("owner").textContent = user ? [user.name, user.position].filter(Boolean).join(" · ") : "";
    drawAppMenu(part("app-menu"), current()?.menu ?? [], (label) => send({ type: "choose", label }));
    drawLines(part("lines"), state.lines, state.key, hooks.turn);
  }

  return {
    platform, root, composer, chat, pick, draw,
    get key() { return state.key; },
    /** Belongs to `user` from now on, shows the chat of that key; the messages follow from the server. */
    open(user, lines, key) {
      if (user?.userid !== state.user?.userid || key !== state.key) chat.clear();
      Object.assign(state, { user, lines, key });
      const line = current();
      if (line) line.unread = 0;
      root.dataset.empty = String(!line);
      composer.open(key, line?.mention);
      draw();
    },
    /** How many unread messages of other colleagues wait. */
    others(count) {
      part("other-unread").hidden = count === 0;
      part("other-unread").textContent = count > 99 ? "99+" : String(count);
    },
  };
}
