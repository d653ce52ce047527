/** Wire formats made readable: JSON and XML, indented and lightly coloured. */

import { h } from "./dom.js";

/** A <pre> with any value: objects and JSON text as JSON, text that starts with "<" as XML. */
export function pretty(value) {
  const readable = typeof value === "string" ? fromText(value.trim()) : { kind: "json", text: JSON.stringify(value, null, 2) };
  const pattern = readable.kind === "json" ? JSON_TOKEN : readable.kind === "xml" ? XML_TOKEN : null;
  return h("pre", { class: "code", tabindex: "0" }, pattern ? coloured(readable.text, pattern) : readable.text);
}

function fromText(text) {
  if (/^[[{]/.test(text)) {
    try {
      return { kind: "json", text: JSON.stringify(JSON.parse(text), null, 2) };
    } catch { /* not JSON after all */ }
  }
  if (text.startsWith("<")) return { kind: "xml", text: indentXml(text) };
  return { kind: "text", text };
}

const JSON_TOKEN = /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\btrue\b|\bfalse\b|\bnull\b)/g;
const XML_TOKEN = /(?<mark><!\[CDATA\[|\]\]>)|(?<key><\/?[\w:.-]+[^>]*>)/g;

function coloured(text, pattern) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) nodes.push(text.slice(end, match.index));
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    nodes.push(h("span", { class: `tok-${kind}` }, match[0]));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** One element per line; an element with nothing but text stays on its line. */
function indentXml(text) {
  const pieces = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? [];
  const lines = [];
  let depth = 0;
  let open = "";
  for (const piece of pieces) {
    if (!piece.trim()) continue;
    const isTag = piece.startsWith("<") && !piece.startsWith("<![CDATA[");
    const closes = isTag && piece.startsWith("</");
    const alone = isTag && (piece.endsWith("/>") || piece.startsWith("<?"));
    if (closes) {
      depth = Math.max(0, depth - 1);
      if (open) { lines.push("  ".repeat(depth) + open + piece); open = ""; } else lines.push("  ".repeat(depth) + piece);
    } else if (isTag) {
      if (open) lines.push("  ".repeat(depth - 1) + open);
      open = "";
      if (alone) lines.push("  ".repeat(depth) + piece);
      else { open = piece; depth += 1; }
    } else if (open) open += piece.trim();
    else lines.push("  ".repeat(depth) + piece.trim());
  }
  if (open) lines.push(open);
  return lines.join("\n");
}
