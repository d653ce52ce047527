/** The page: what the server says goes to the parts, what the parts want goes to the server. */

import { byId, toast } from "./dom.js";
import { createChat } from "./chat.js";
import { createClock } from "./clock.js";
import { createComposer } from "./composer.js";
import { drawExamples, drawPeople, firstChoice, revealCurrent } from "./people.js";
import { createRaw } from "./raw.js";
import { createSheets } from "./sheets.js";
import { connect } from "./socket.js";

const state = { users: new Map(), user: fromHash() };
const hooks = { send, notify: toast };

const composer = createComposer(hooks);
const pick = (sentence) => { sheets.close(); composer.fill(sentence); };
const chat = createChat({
  ...hooks, pick, quote: composer.quote, raw: (id) => raw.open(id),
  me: () => state.users.get(state.user) ?? { userid: state.user ?? "", name: "" },
  nameOf: (userid) => state.users.get(userid)?.name,
});
const raw = createRaw(hooks);
const clock = createClock({ ...hooks, dayChanged: () => chat.retime() });
const sheets = createSheets({ escape: () => raw.close() });
drawExamples(pick);

const socket = connect({
  hello: () => ({ type: "hello", platform: "wecom", user: state.user }),
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
    byId("app-name").textContent = app?.name || "跟进助手";
    clock.set(now, zone, presets ?? []);
    if (!state.users.has(state.user)) choose(firstChoice(users), true);
    else open(state.user);
    revealCurrent();
    if (matchMedia("(hover: hover)").matches && document.activeElement === document.body) byId("composer").focus();
  },
  chat({ user, messages }) {
    if (user === state.user) chat.show(messages ?? []);
  },
  message({ user, message }) {
    if (user !== state.user) return;
    if (message.from === "user") composer.heard();
    chat.put(message);
  },
  unread({ user, count }) {
    const known = state.users.get(user);
    if (!known) return;
    known.unread = count;
    people();
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
  if (!send({ type: "switch", user: userid })) return;
  open(userid);
  if (!quietly) sheets.close();
}

function open(userid) {
  if (userid !== state.user) chat.clear();
  state.user = userid;
  const user = state.users.get(userid);
  if (user) user.unread = 0;
  history.replaceState(null, "", `#user=${encodeURIComponent(userid)}`);
  byId("chat-owner").textContent = user ? [user.name, user.position].filter(Boolean).join(" · ") : "";
  composer.open(userid);
  people();
}

function people() {
  const users = [...state.users.values()];
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
