/** The page: what the server says goes to the parts, what the parts want goes to the server. */

import { byId, toast } from "./dom.js";
import { createChat } from "./chat.js";
import { createClock } from "./clock.js";
import { createComposer } from "./composer.js";
import { drawExamples, drawPeople, firstChoice, revealCurrent } from "./people.js";
import { drawLines } from "./lines.js";
import { createRaw } from "./raw.js";
import { createSheets } from "./sheets.js";
import { connect } from "./socket.js";

const state = { users: new Map(), user: fromHash(), chat: null };
const hooks = { send, notify: toast };

const composer = createComposer(hooks);
const pick = (sentence) => { sheets.close(); composer.fill(sentence); };
const chat = createChat({
  ...hooks, pick, quote: composer.quote, raw: (id) => raw.open(id),
  me: () => state.users.get(state.user) ?? { userid: state.user ?? "", name: "" },
  nameOf: (userid) => state.users.get(userid)?.name,
  colorOf: (userid) => state.users.get(userid)?.avatar_color,
});
const raw = createRaw(hooks);
const clock = createClock({ ...hooks, dayChanged: () => chat.retime() });
const sheets = createSheets({ escape: () => raw.close() });
drawExamples(pick);

const socket = connect({
  hello: () => ({ type: "hello", platform: "wecom", user: state.user, chat: state.chat }),
  receive: (message) => RECEIVE[message.type]?.(message),
  state: connection,
});

function send(message) {
  if (socket.send(message)) return true;
  toast("还没有连上，稍等一下再发");
  return false;
}

const RECEIVE = {
  world({ corp, app, users = [], now, zone, presets }) {
    raw.reset();
    state.users = new Map(users.map((user) => [user.userid, user]));
    byId("corp-name").textContent = corp?.name ?? "";
    state.app = app?.name || "跟进助手";
    clock.set(now, zone, presets ?? []);
    if (!state.users.has(state.user)) choose(firstChoice(users), true);
    else open(state.user, linesOf(state.user).some(({ key }) => key === state.chat) ? state.chat : state.user);
    revealCurrent();
    if (matchMedia("(hover: hover)").matches && document.activeElement === document.body) byId("composer").focus();
  },
  chat({ user, chat: key, messages }) {
    if (user === state.user && key === state.chat) chat.show(messages ?? []);
  },
  message({ user, chat: key, message }) {
    if (user !== state.user || key !== state.chat) return;
    if (message.from === "user") composer.heard();
    chat.put(message);
  },
  unread({ user, chat: key, count }) {
    const line = linesOf(user).find((one) => one.key === key);
    if (!line) return;
    line.unread = count;
    people();
    if (user === state.user) lines();
  },
  clock({ now, presets }) {
    clock.set(now, undefined, presets);
    chat.retime();
  },
  exchange: (exchange) => raw.add(exchange),
  raw: ({ exchange }) => raw.show(exchange ?? {}),
  error({ text }) {
    toast(text || "出了点问题，请再试一次");
    chat.release();
    clock.release();
  },
};

/** Becomes a colleague: asks for the conversation and remembers it in the address. */
function choose(userid, quietly = false) {
  if (!userid || (userid === state.user && !quietly)) { sheets.close(); return; }
  if (!send({ type: "switch", user: userid, chat: userid })) return;
  open(userid);
  if (!quietly) sheets.close();
}

/** Turns to another chat of the same colleague. */
function turn(key) {
  if (key === state.chat || !send({ type: "switch", user: state.user, chat: key })) return;
  open(state.user, key);
}

const linesOf = (userid) => state.users.get(userid)?.chats ?? [];

function lines() {
  drawLines(linesOf(state.user), state.chat, turn);
}

function open(userid, key = userid) {
  if (userid !== state.user || key !== state.chat) chat.clear();
  state.user = userid;
  state.chat = key;
  const user = state.users.get(userid);
  const line = linesOf(userid).find((one) => one.key === key);
  if (line) line.unread = 0;
  byId("app-name").textContent = line?.name ?? state.app;
  history.replaceState(null, "", `#user=${encodeURIComponent(userid)}`);
  byId("chat-owner").textContent = user ? [user.name, user.position].filter(Boolean).join(" · ") : "";
  composer.open(key, line?.mention);
  lines();
  people();
}

function people() {
  const users = [...state.users.values()];
  for (const user of users) user.unread = linesOf(user.userid).reduce((sum, { unread }) => sum + (Number(unread) || 0), 0);
  const focused = document.activeElement?.dataset?.user;
  drawPeople(users, state.user, choose);
  if (focused) byId("people-list").querySelector(`[data-user="${CSS.escape(focused)}"]`)?.focus();
  const waiting = users.reduce((sum, user) => sum + (user.userid === state.user ? 0 : Number(user.unread) || 0), 0);
  const badge = byId("other-unread");
  badge.hidden = waiting === 0;
  badge.textContent = waiting > 99 ? "99+" : String(waiting);
}

function connection(online, seconds) {
  document.body.dataset.online = String(online);
  byId("banner").hidden = online;
  byId("banner-text").textContent = `连接断开了，${seconds} 秒后重连`;
  if (online) return;
  chat.release();
  clock.release();
  composer.lost();
}

byId("banner-retry").addEventListener("click", () => socket.retryNow());
window.addEventListener("hashchange", () => {
  const wanted = fromHash();
  if (wanted && wanted !== state.user && state.users.has(wanted)) choose(wanted);
});

function fromHash() {
  return new URLSearchParams(location.hash.slice(1)).get("user") || null;
}
