/** The little markup that WeCom messages may carry, turned into nodes. */

import { h, link } from "./dom.js";

const COLOURS = new Set(["info", "comment", "warning"]);
const URL_OR_ANCHOR = /<a\s+[^>]*?href=(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、（）《》]+)/gi;

/** Plain text with `<a href>` and bare addresses as links; line breaks are kept by the style. */
export function text(source) {
  const nodes = [];
  const value = String(source ?? "");
  let end = 0;
  for (const match of value.matchAll(URL_OR_ANCHOR)) {
    if (match.index > end) nodes.push(value.slice(end, match.index));
    const url = match[1] ?? match[2] ?? match[4];
    nodes.push(link(url, match[3] ?? url));
    end = match.index + match[0].length;
  }
  nodes.push(value.slice(end));
  return nodes;
}

const INLINE = /<font\s+color=(?:"(\w+)"|'(\w+)')\s*>([\s\S]*?)<\/font>|\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)/i;

/** Bold, code, links and the three font colours inside one line. */
function inline(source) {
  const match = INLINE.exec(source);
  if (!match) return text(source);
  const [whole, colourA, colourB, coloured, bold, code, label, url] = match;
  const before = source.slice(0, match.index);
  const after = source.slice(match.index + whole.length);
  let node;
  if (coloured !== undefined) {
    const colour = colourA ?? colourB;
    node = h("span", { class: COLOURS.has(colour) ? `font-${colour}` : null }, inline(coloured));
  } else if (bold !== undefined) node = h("strong", {}, inline(bold));
  else if (code !== undefined) node = h("code", {}, code);
  else node = link(url, label);
  return [before ? text(before) : [], node, after ? inline(after) : []];
}

/** The subset of Markdown that WeCom draws: headings, quotes, and what `inline` knows. */
export function markdown(source) {
  const blocks = [];
  let quote = null;
  for (const line of String(source ?? "").split("\n")) {
    const quoted = /^>\s?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) blocks.push((quote = h("blockquote")));
      quote.append(h("p", {}, inline(quoted[1])));
      continue;
    }
    quote = null;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) blocks.push(h("p", { class: `heading heading-${heading[1].length}`, role: "heading", "aria-level": String(heading[1].length + 2) }, inline(heading[2])));
    else blocks.push(line.trim() ? h("p", {}, inline(line)) : h("p", { class: "gap" }));
  }
  return blocks;
}

const DIV = /<div\s+class="(gray|normal|highlight)"\s*>([\s\S]*?)<\/div>/gi;

/** A textcard's description: `<br>` and `<div class="gray|normal|highlight">`. */
export function description(source) {
  const value = String(source ?? "").replace(/<br\s*\/?>/gi, "\n");
  const nodes = [];
  let end = 0;
  for (const match of value.matchAll(DIV)) {
    if (match.index > end) nodes.push(value.slice(end, match.index).trim());
    nodes.push(h("div", { class: `tone-${match[1].toLowerCase()}` }, match[2]));
    end = match.index + match[0].length;
  }
  nodes.push(value.slice(end).trim());
  return nodes.filter((node) => node !== "");
}

/** One line of a message for a quotation: markup taken off, cut at `most` characters. */
export function summary(message, most = 60) {
  const card = message.card ?? {};
  const named = { image: "[图片]", voice: "[语音]", file: `[文件] ${message.media?.name ?? ""}`, location: `[位置] ${message.text ?? ""}` };
  const title = card.main_title?.title || card.title || card.sub_title_text || message.text || "";
  const source = named[message.kind] ?? (["card", "ding_card"].includes(message.kind) ? `[卡片] ${title}` : message.text || title);
  const plain = source.replace(/<[^>]+>/g, "").replace(/[*`#>]/g, "").replace(/\s+/g, " ").trim();
  const chars = [...plain];
  return chars.length > most ? `${chars.slice(0, most).join("")}…` : plain;
}
