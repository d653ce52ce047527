/**
 * The Markdown that DingTalk draws: headings, quotes, lists, tables, rules, bold, italic, pictures, links. A line
 * breaks where two blanks stand before its end. A link that speaks (`dtmd://…/sendMessage`) is a chip to tap.
 */

import { h, link, picture } from "./dom.js";
import { text } from "./richtext.js";

const SAYS = /^dtmd:\/\/dingtalkclient\/sendMessage\?(?:.*&)?content=([^&]*)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** Nodes; `context.say(words)` is called when a chip is tapped. */
export function dingMarkdown(source, context) {
  const lines = String(source ?? "").replace(/\r/g, "").split("\n");
  const blocks = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else blocks.push(block(lines, context));
  }
  return blocks;
}

/** Takes the lines of one block off the front. */
function block(lines, context) {
  const [first, second = ""] = lines;
  const heading = HEADING.exec(first);
  if (heading) {
    lines.shift();
    const level = heading[1].length;
    return h("p", { class: `heading heading-${level}`, role: "heading", "aria-level": String(level + 2) }, inline(heading[2], context));
  }
  if (RULE.test(first)) { lines.shift(); return h("hr"); }
  if (first.includes("|") && TABLE_RULE.test(second)) return table(lines, context);
  if (/^\s*>/.test(first)) return quotation(lines, context);
  if (ITEM.test(first)) return list(lines, context);
  return paragraph(lines, context);
}

const starts = (line) => HEADING.test(line) || RULE.test(line) || ITEM.test(line) || /^\s*>/.test(line);

function paragraph(lines, context) {
  const taken = [lines.shift()];
  while (lines.length && lines[0].trim() && !starts(lines[0])) taken.push(lines.shift());
  return h("p", {}, broken(taken, context));
}

/** A quotation goes on until an empty line. */
function quotation(lines, context) {
  const taken = [];
  while (lines.length && lines[0].trim() && (/^\s*>/.test(lines[0]) || !starts(lines[0]))) taken.push(lines.shift().replace(/^\s*>\s?/, ""));
  return h("blockquote", {}, dingMarkdown(taken.join("\n"), context));
}

function list(lines, context) {
  const numbered = ITEM.exec(lines[0])[1];
  const items = [];
  for (let found; lines.length && (found = ITEM.exec(lines[0])) && Boolean(found[1]) === Boolean(numbered);) {
    lines.shift();
    const taken = [found[2]];
    while (lines.length && lines[0].trim() && !starts(lines[0])) taken.push(lines.shift());
    items.push(h("li", {}, broken(taken, context)));
  }
  return h(numbered ? "ol" : "ul", { start: numbered || null }, items);
}

function table(lines, context) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => inline(cell.trim(), context));
  const head = cells(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && lines[0].includes("|")) rows.push(cells(lines.shift()));
  return h("div", { class: "table-box" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((cell) => h("th", {}, cell)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
}

/** Lines of one paragraph: a break after two blanks, else a blank. */
function broken(taken, context) {
  return taken.map((line, index) => {
    const last = index === taken.length - 1;
    return [inline(line.trim(), context), last ? "" : /\s{2}$/.test(line) ? h("br") : " "];
  });
}

const INLINE = /!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*(.+?)\*\*|`([^`]+)`|\*([^*\s][^*]*)\*/;

function inline(source, context) {
  const match = INLINE.exec(source);
  if (!match) return text(source);
  const [whole, alt, image, label, url, bold, code, italic] = match;
  const after = source.slice(match.index + whole.length);
  let node;
  if (image !== undefined) node = picture(image, "ding-picture", alt);
  else if (label !== undefined) node = tappable(label, url, context);
  else if (bold !== undefined) node = h("strong", {}, inline(bold, context));
  else if (code !== undefined) node = h("code", {}, code);
  else node = h("em", {}, inline(italic, context));
  return [match.index ? text(source.slice(0, match.index)) : [], node, after ? inline(after, context) : []];
}

function tappable(label, url, context) {
  const words = SAYS.exec(url);
  if (!words) return link(url, label);
  return h("button", { type: "button", class: "chip", "data-testid": "chip", onclick: () => context.say(decoded(words[1])) }, label);
}

function decoded(words) {
  try {
    return decodeURIComponent(words.replaceAll("+", " "));
  } catch {
    return words;
  }
}
