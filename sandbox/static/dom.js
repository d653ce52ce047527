/** Building elements. Data only ever enters the page as text nodes and checked attributes. */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/**
 * An element: `h("button", {class: "x", onclick: f, "aria-label": "…"}, "text", child, null)`.
 * Properties that start with "on" are listeners, `style` is an object, false and null are left out.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, css] of Object.entries(value)) node.style.setProperty(key, css);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Appends strings and nodes, however deeply nested in arrays. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** One icon of icons.svg. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** The address if a browser may safely open it (http, https, or a path of this server), else "". */
export function safeUrl(url) {
  if (typeof url !== "string" || !url.trim()) return "";
  try {
    const parsed = new URL(url.trim(), location.href);
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : "";
  } catch {
    return "";
  }
}

/** The address if it can stand in an <img>: as safeUrl, or an inline picture. */
export function safeImage(url) {
  return /^data:image\/(png|jpeg|gif|webp);base64,/.test(url ?? "") ? url : safeUrl(url);
}

/** A link that opens beside the page, or plain text when the address is not safe. */
export function link(url, ...children) {
  const href = safeUrl(url);
  if (!href) return h("span", { class: "no-link" }, children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** A picture that turns into a quiet placeholder when it cannot be loaded. */
export function picture(url, className, alt = "") {
  const src = safeImage(url);
  const blank = () => h("span", { class: `${className} picture-blank`, role: "img", "aria-label": alt || "图片" }, icon("image"));
  if (!src) return blank();
  const image = h("img", { class: className, src, alt, decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(blank()), { once: true });
  return image;
}

const HUES = ["#4a7fb5", "#3f8f86", "#8a74b8", "#b57a4a", "#b0607a", "#5f8a4e", "#5b74a8", "#a0703f", "#4b8ea3", "#8c6a9e"];

/** A round-cornered tile with the first character of a name, in the given or else in the id's own colour. */
export function avatar(id, name, colour = "") {
  let sum = 2_166_136_261; // FNV-1a: short ids still spread over all hues
  for (const char of String(id)) sum = Math.imul(sum ^ char.codePointAt(0), 16_777_619) >>> 0;
  sum = (sum ^ (sum >>> 15)) >>> 0;
  const initial = [...String(name || id)][0] ?? "?";
  return h("span", { class: "avatar", "aria-hidden": "true", style: { "--hue": /^#[0-9a-f]{6}$/i.test(colour) ? colour : HUES[sum % HUES.length] } }, initial);
}

/** A short note at the bottom of the page that goes away by itself. */
export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 4500);
}
