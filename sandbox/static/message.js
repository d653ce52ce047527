/** One message of the chat: bubble, card, file, place, or a system line. */

import { avatar, h, icon, link, picture, safeUrl } from "./dom.js";
import { drawCard } from "./card.js";
import { drawDingCard } from "./dingcard.js";
import { dingMarkdown } from "./dingtext.js";
import { longPress } from "./hold.js";
import { description, markdown, summary, text } from "./richtext.js";
import { fullTime } from "./time.js";

/**
 * @param {object} message  MSG as the server sends it.
 * @param {object} context  What `drawCard` wants, and `me`, `find(id)`, `quote(message)`, `copy(message)`,
 *   `raw(exchange id)`.
 */
export function drawMessage(message, context) {
  const common = { "data-testid": "message", "data-kind": message.kind, "data-id": message.id, "data-from": message.from };
  if (message.kind === "system") return h("div", { class: "system-line", ...common }, h("span", {}, message.text ?? ""));
  const mine = message.from === "user";
  const when = Date.parse(message.time);
  const node = h("div", {
    class: `message ${mine ? "mine" : "theirs"}${message.dropped ? " dropped" : ""}`, ...common,
    "data-status": message.status ?? null, title: Number.isNaN(when) ? null : fullTime(when),
  },
  face(message, mine, context),
  h("div", { class: "message-column" },
    speaker(message, context),
    h("div", { class: "message-row" }, content(message, context), delivery(message), tools(message, context)),
    message.dropped ? h("p", { class: "dropped-note" }, icon("alert"), "平台未投递：超出频率限制，接口仍返回成功") : null));
  longPress(node);
  return node;
}

/** Who says it: the colleague himself, another one in a group, or the app. */
function face(message, mine, context) {
  if (mine) return avatar(context.me.userid, context.me.name, context.me.avatar_color);
  if (message.from === "peer") return avatar(message.author, context.nameOf(message.author) ?? message.author, context.colorOf(message.author));
  return h("img", { class: "avatar app-avatar", src: "mark.svg", alt: "" });
}

/** In a group, who it is; on DingTalk a robot is always named as one. */
function speaker(message, context) {
  if (message.from === "peer") return h("small", { class: "peer-name" }, context.nameOf(message.author) ?? message.author);
  if (message.from !== "app" || context.platform !== "dingtalk") return null;
  return h("small", { class: "peer-name" }, context.botName(), h("i", { class: "robot-mark" }, "机器人"));
}

function content(message, context) {
  const draw = (context.platform === "dingtalk" ? DING[message.kind] : null) ?? DRAW[message.kind] ?? DRAW.text;
  const body = draw(message, context);
  const quoted = quotation(message, context);
  if (quoted && body.classList.contains("bubble")) body.prepend(quoted);
  return body;
}

const DRAW = {
  text: (message) => h("div", { class: "bubble text" }, text(message.text)),
  markdown: (message) => h("div", { class: "bubble markdown" }, markdown(message.text)),
  textcard,
  news,
  image: (message) => h("div", { class: "media-image" }, imageLink(message)),
  voice: (message) => h("div", { class: "bubble voice" }, icon("voice"), message.text || message.media?.name || "语音"),
  file: fileTile,
  video: fileTile,
  location: placeTile,
  card: (message, context) => drawCard(message, context),
};

const DING = {
  markdown: (message, context) => h("div", { class: "bubble ding-markdown" }, dingMarkdown(message.text, context)),
  ding_card: drawDingCard,
};

function imageLink(message) {
  const image = picture(message.media?.url, "media-picture", message.media?.name ?? "图片");
  if (!safeUrl(message.media?.url)) return image;
  const open = link(message.media.url, image);
  open.setAttribute("aria-label", `打开图片 ${message.media.name ?? ""}`.trim());
  return open;
}

function fileTile(message) {
  const name = message.media?.name || message.text || "文件";
  const kind = /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? "";
  const inside = [h("span", { class: "file-text" }, h("b", {}, name), h("small", {}, kind ? `${kind} 文件` : "文件")),
    h("span", { class: "file-icon", "data-ext": kind.toLowerCase() }, kind.slice(0, 4) || icon("file"))];
  const url = safeUrl(message.media?.url);
  return h(url ? "a" : "div", { class: "file-tile", href: url || null, target: url ? "_blank" : null, rel: url ? "noopener" : null }, inside);
}

function placeTile(message) {
  const where = message.location ?? {};
  const label = message.text || where.label || message.media?.name || "位置";
  const point = where.lat === undefined ? null : `${Number(where.lat).toFixed(4)}, ${Number(where.lng).toFixed(4)}`;
  return h("div", { class: "place-tile" }, h("b", {}, label), point ? h("small", {}, point) : null,
    h("div", { class: "place-map", "aria-hidden": "true" }, icon("pin")));
}

function textcard(message) {
  const card = message.card ?? message.textcard ?? {};
  const url = safeUrl(card.url);
  return h("div", { class: "card textcard", "data-testid": "card", "data-card-type": "textcard" },
    h("div", { class: "card-body" },
      h("div", { class: "card-main" }, h("h4", {}, card.title ?? message.text ?? "")),
      h("div", { class: "textcard-text" }, description(card.description))),
    url ? h("nav", { class: "card-jumps" }, (() => {
      const row = link(url, h("span", {}, card.btntxt || "详情"), icon("chevron"));
      row.classList.add("card-jump");
      return row;
    })()) : null);
}

function news(message) {
  const articles = message.card?.articles ?? message.articles ?? [];
  return h("div", { class: "card news", "data-testid": "card", "data-card-type": "news" }, articles.map((article, index) =>
    h("div", { class: index ? "news-row" : "news-lead" },
      article.picurl ? picture(article.picurl, "news-picture") : null,
      h("div", { class: "news-text" }, h("b", {}, link(article.url, article.title ?? "")),
        article.description && !index ? h("p", {}, article.description) : null))));
}

function quotation(message, context) {
  const source = message.quote;
  if (!source) return null;
  const found = typeof source === "string" ? context.find(source) : source;
  const words = found ? (found.kind ? summary(found) : found.text) : "原消息";
  return h("div", { class: "bubble-quote" }, words);
}

function delivery(message) {
  if (message.from !== "user") return null;
  if (message.status === "sending") return h("span", { class: "spinner", role: "status", "aria-label": "发送中" });
  if (message.status === "failed") return h("span", { class: "failed", role: "img", "aria-label": "没有送达", title: "没有送达" }, "!");
  return null;
}

function tools(message, context) {
  return h("div", { class: "message-tools" },
    context.platform === "dingtalk" ? null : h("button", { type: "button", "data-testid": "quote", onclick: () => context.quote(message) }, icon("quote"), "引用"),
    ["card", "ding_card"].includes(message.kind) ? null : h("button", { type: "button", onclick: () => context.copy(message) }, icon("copy"), "复制"),
    message.exchanges?.length ? h("button", { type: "button", "data-testid": "raw", onclick: () => context.raw(message.exchanges.at(-1)) }, icon("code"), "原始") : null);
}
