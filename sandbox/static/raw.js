/** The drawer of raw exchanges: a live list, and one exchange in full. */

import { byId, h, icon } from "./dom.js";
import { pretty } from "./pretty.js";
import { hourMinuteSecond } from "./time.js";

const MOST = 300;
const NAMES = {
  request: "请求", response: "应答", plain: "明文", plaintext: "明文", request_plain: "请求（已解密）", response_plain: "应答（已解密）",
  encrypted: "密文", headers: "头", query: "参数", body: "正文", url: "地址", path: "路径", method: "方法", status: "HTTP 状态",
  errcode: "errcode", errmsg: "errmsg", ms: "耗时", duration_ms: "耗时", elapsed_ms: "耗时", attempt: "第几次", attempts: "次数", error: "错误",
};
const HEADER_KEYS = new Set(["id", "time", "direction", "title", "ok", "type", "platform", "way"]);
const PLATFORMS = { wecom: "企业微信", dingtalk: "钉钉" };
const wayOf = ({ platform, way }) => [PLATFORMS[platform], way].filter(Boolean).join(" · ");

/** @param {{send: Function}} hooks */
export function createRaw(hooks) {
  const list = byId("raw-list");
  const detail = byId("raw-detail");
  let wanted = null;
  let opener = null;

  function refresh() {
    const size = list.children.length;
    byId("raw-empty").hidden = size > 0;
    byId("raw-clear").hidden = size === 0;
    byId("raw-count").textContent = size ? `${size} 条` : "";
  }

  function close() {
    if (detail.hidden) return false;
    detail.hidden = true;
    wanted = null;
    list.querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
    opener?.focus();
    return true;
  }

  function ask(id, row) {
    if (!hooks.send({ type: "raw", exchange: id })) return;
    wanted = id;
    opener = row ?? document.activeElement;
    list.querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
    row?.setAttribute("aria-expanded", "true");
  }

  byId("raw-detail-close").addEventListener("click", close);
  byId("raw-clear").addEventListener("click", () => { list.replaceChildren(); close(); refresh(); });
  refresh();

  return {
    /** A new exchange on top; one with a known id replaces its row. */
    add(exchange) {
      const row = exchangeRow(exchange, ask);
      const old = list.querySelector(`[data-exchange="${CSS.escape(String(exchange.id))}"]`);
      if (old) old.replaceWith(row);
      else list.prepend(row);
      while (list.children.length > MOST) list.lastElementChild.remove();
      refresh();
    },
    /** Forgets the list: the server is about to tell it anew. */
    reset() { list.replaceChildren(); refresh(); },
    /** Asks for an exchange that is not picked from the list. */
    open(id) { ask(id, null); },
    /** The exchange that was asked for. */
    show(exchange) {
      if (exchange.id !== undefined && wanted !== null && String(exchange.id) !== String(wanted)) return;
      byId("raw-detail-title").textContent = exchange.title ?? "原始收发";
      const at = Date.parse(exchange.time);
      byId("raw-detail-meta").textContent = [
        wayOf(exchange), exchange.direction === "callback" ? "平台 → 机器人（回调，已解密）" : "机器人 → 平台（接口）",
        Number.isNaN(at) ? "" : hourMinuteSecond(at)].filter(Boolean).join(" · ");
      byId("raw-body").replaceChildren(...body(exchange));
      byId("raw-body").scrollTop = 0;
      detail.hidden = false;
      detail.focus();
    },
    close,
  };
}

function exchangeRow(exchange, ask) {
  const { id, time, direction, title, ok, errcode, platform } = exchange;
  const incoming = direction === "callback";
  const at = Date.parse(time);
  const button = h("button", { type: "button", "aria-expanded": "false", onclick: (event) => ask(id, event.currentTarget) },
    h("span", { class: `arrow ${incoming ? "to-bot" : "to-platform"}`, title: incoming ? "平台回调机器人" : "机器人调用接口" }, incoming ? "回调" : "接口"),
    h("span", { class: "raw-title" }, title ?? "", h("small", { class: `raw-way ${platform}` }, wayOf(exchange))),
    ok ? h("span", { class: "raw-ok", role: "img", "aria-label": "成功" }) : h("span", { class: "raw-bad" }, errcode ? String(errcode) : "失败"),
    h("time", {}, Number.isNaN(at) ? "" : hourMinuteSecond(at)), icon("chevron"));
  return h("li", { "data-testid": "exchange", "data-exchange": String(id), "data-direction": direction, "data-ok": String(Boolean(ok)) }, button);
}

/** Short values in a table, everything longer in a block of its own. */
function body(exchange) {
  const facts = [];
  const blocks = [];
  for (const [key, value] of Object.entries(exchange)) {
    if (HEADER_KEYS.has(key) || value === null || value === undefined || value === "") continue;
    const name = NAMES[key] ?? key;
    const long = typeof value === "object" || (typeof value === "string" && (value.length > 80 || /^[<[{]/.test(value.trim())));
    if (long) blocks.push(h("section", {}, h("h3", {}, exchange[`${key}_plain`] ? `${name}（加密原文）` : name), pretty(value)));
    else facts.push(h("div", {}, h("dt", {}, name), h("dd", {}, /ms$/.test(key) ? `${value} ms` : String(value))));
  }
  return [facts.length ? h("dl", { class: "raw-facts" }, facts) : null, ...blocks].filter(Boolean);
}
