/** The colleague switcher and the example sentences. */

import { avatar, byId, h } from "./dom.js";

const EXAMPLES = [
  "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
  "华润置地",
  "今天",
  "报价 华润置地 58万 9折 提交",
  "帮助",
];

/** Draws the examples; `pick` gets the sentence. */
export function drawExamples(pick) {
  byId("examples").replaceChildren(...EXAMPLES.map((sentence) => exampleButton(sentence, pick)));
}

/** A chip with an example sentence. */
export function exampleButton(sentence, pick) {
  return h("button", { type: "button", class: "example", title: sentence, onclick: () => pick(sentence) }, sentence);
}

/** The sentences offered in an empty chat: the story's beginning. */
export const firstWords = EXAMPLES.slice(0, 3);

/** Draws everybody, grouped by department in the order given. */
export function drawPeople(users, current, choose) {
  const groups = new Map();
  for (const user of users) {
    const name = user.department || "同事";
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(user);
  }
  const sections = [...groups].map(([department, members]) => h("section", { class: "department" },
    h("h3", {}, department),
    h("ul", {}, members.map((user) => h("li", {}, person(user, user.userid === current, choose))))));
  byId("people-list").replaceChildren(...sections);
}

function person(user, isCurrent, choose) {
  const { userid, name, position } = user;
  const unread = isCurrent ? 0 : Number(user.unread) || 0;
  return h("button", {
    type: "button", class: "person", "data-testid": `user-${userid}`, "data-user": userid,
    "aria-current": isCurrent ? "true" : null,
    "aria-label": [name, position, unread ? `${unread} 条未读` : ""].filter(Boolean).join("，"),
    onclick: () => choose(userid),
  },
  avatar(userid, name, user.avatar_color),
  h("span", { class: "person-text" }, h("b", {}, name), h("span", {}, position ?? "")),
  unread ? h("span", { class: "badge", "data-testid": `unread-${userid}` }, unread > 99 ? "99+" : unread) : null);
}

/** Who is chosen when nobody was: a salesperson if there is one. */
export function firstChoice(users) {
  const seller = users.find(({ position = "" }) => /销售|客户经理/.test(position) && !/总监|总经理|主管|销售经理/.test(position));
  return (seller ?? users[0])?.userid ?? null;
}

/** Keeps the current person in sight in a long list. */
export function revealCurrent() {
  byId("people-list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}
