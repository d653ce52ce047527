/** The page: what the server says goes to the parts, what the parts want goes to the server. */

import { byId, toast } from "./dom.js";
import { createClock } from "./clock.js";
import { createPhone } from "./phone.js";
import { createPlace } from "./place.js";
import { createPlatforms } from "./platforms.js";
import { drawExamples, drawPeople, firstChoice, revealCurrent } from "./people.js";
import { createRaw } from "./raw.js";
import { createSheets } from "./sheets.js";
import { connect } from "./socket.js";
import { platformOf } from "./lines.js";

const state = { users: new Map(), user: fromHash("user"), keys: new Map() };
const hooks = { send, notify: toast };

const raw = createRaw(hooks);
const clock = createClock({ ...hooks, dayChanged: () => each(({ chat }) => chat.retime()) });
const sheets = createSheets({ escape: () => raw.close() });
const platforms = createPlatforms({ changed: openAll }, fromHash("on"));
const place = createPlace();
const phones = new Map(["wecom", "dingtalk"].map((platform) => [platform, createPhone(platform, {
  ...hooks, place, picked: sheets.close, turn: (key) => turn(platform, key), raw: (id) => raw.open(id),
  me: () => state.users.get(state.user) ?? { userid: state.user ?? "", name: "" },
  nameOf: (userid) => state.users.get(userid)?.name,
  colorOf: (userid) => state.users.get(userid)?.avatar_color,
})]));
let used = "wecom";
each(({ platform, root }) => root.addEventListener("focusin", () => { used = platform; }));
drawExamples((sentence) => phones.get(inSight().find((one) => one.platform === used)?.platform ?? platforms.active).pick(sentence));

const socket = connect({
  hello: () => ({ type: "hello", user: null }),
  receive: (message) => RECEIVE[message.type]?.(message),
  state: connection,
});

function send(message) {
  if (socket.send(message)) return true;
  toast("还没有连上，稍等一下再发");
  return false;
}

function each(act) {
  phones.forEach(act);
}

const inSight = () => platforms.inSight.map((platform) => phones.get(platform));
const shows = (key) => inSight().find((phone) => phone.key === key);
const linesOf = (userid, platform) => (state.users.get(userid)?.chats ?? []).filter((line) => !platform || platformOf(line) === platform);

const RECEIVE = {
  world({ corp, users = [], now, zone, presets, guide }) {
    raw.reset();
    state.users = new Map(users.map((user) => [user.userid, user]));
    byId("corp-name").textContent = corp?.name ?? "";
    clock.set(now, zone, presets ?? []);
    byId("guide").hidden = !guide;
    if (guide) byId("guide").href = guide;
    const known = new Set(users.flatMap(({ chats = [] }) => chats.map(platformOf)));
    platforms.know([...phones.keys()].filter((platform) => known.has(platform)));
    if (!state.users.has(state.user)) state.user = firstChoice(users);
    openAll();
    revealCurrent();
    if (matchMedia("(hover: hover)").matches && document.activeElement === document.body) inSight()[0].composer.focus();
  },
  chat({ chat: key, messages }) { shows(key)?.chat.show(messages ?? []); },
  message({ chat: key, message }) {
    const phone = shows(key);
    if (!phone) return;
    if (message.from === "user") phone.composer.heard();
    phone.chat.put(message);
  },
  unread({ user, chat: key, count }) {
    const line = linesOf(user).find((one) => one.key === key);
    if (!line) return;
    line.unread = count;
    people();
    if (user === state.user) each((phone) => phone.draw());
  },
  clock({ now, presets }) {
    clock.set(now, undefined, presets);
    each(({ chat }) => chat.retime());
  },
  exchange: (exchange) => raw.add(exchange),
  raw: ({ exchange }) => raw.show(exchange ?? {}),
  error({ text }) {
    toast(text || "出了点问题，请再试一次");
    each(({ chat }) => chat.release());
    clock.release();
  },
};

/** Becomes a colleague and remembers it in the address. */
function choose(userid) {
  if (userid && userid !== state.user) {
    state.user = userid;
    openAll();
  }
  sheets.close();
}

/** Turns to another chat of the same colleague. */
function turn(platform, key) {
  if (key === phones.get(platform).key) return;
  state.keys.set(`${state.user} ${platform}`, key);
  open(platform, inSight().filter((phone) => phone.platform !== platform).map((phone) => phone.key));
}

/** Opens a chat on every phone in sight: the one that was open there before, or the first. */
function openAll() {
  if (!state.user) return;
  const beside = [];
  for (const { platform } of inSight()) {
    open(platform, beside);
    beside.push(phones.get(platform).key);
  }
  const on = platforms.active === "wecom" ? "" : `&on=${platforms.active}`;
  history.replaceState(null, "", `#user=${encodeURIComponent(state.user)}${on}`);
  people();
}

function open(platform, beside) {
  const lines = linesOf(state.user, platform);
  const kept = state.keys.get(`${state.user} ${platform}`);
  const key = (lines.find((line) => line.key === kept) ?? lines[0])?.key ?? null;
  phones.get(platform).open(state.users.get(state.user), lines, key);
  if (key) send({ type: "switch", user: state.user, chat: key, beside: beside.filter(Boolean) });
}

const waiting = (lines) => lines.reduce((sum, { unread }) => sum + (Number(unread) || 0), 0);

function people() {
  const users = [...state.users.values()];
  for (const user of users) user.unread = waiting(linesOf(user.userid));
  const focused = document.activeElement?.dataset?.user;
  drawPeople(users, state.user, choose);
  if (focused) byId("people-list").querySelector(`[data-user="${CSS.escape(focused)}"]`)?.focus();
  const others = users.reduce((sum, user) => sum + (user.userid === state.user ? 0 : user.unread), 0);
  each((phone) => phone.others(others));
  platforms.unread(Object.fromEntries([...phones.keys()].map((one) => [one, waiting(linesOf(state.user, one))])));
}

function connection(online, seconds) {
  document.body.dataset.online = String(online);
  byId("banner").hidden = online;
  byId("banner-text").textContent = `连接断开了，${seconds} 秒后重连`;
  if (online) return;
  clock.release();
  each(({ chat, composer }) => { chat.release(); composer.lost(); });
}

byId("banner-retry").addEventListener("click", () => socket.retryNow());
window.addEventListener("hashchange", () => {
  const wanted = fromHash("user");
  if (state.users.has(wanted)) choose(wanted);
  platforms.choose(fromHash("on") ?? "wecom");
});

function fromHash(name) {
  return new URLSearchParams(location.hash.slice(1)).get(name) || null;
}
