/** The simulated clock on the right and in the phone's status bar, and the jumps forward. */

import { byId, h, icon } from "./dom.js";
import { fromLocalInput, hourMinute, longDate, now, setClock, shortDate, toLocalInput } from "./time.js";

const JUMP_MS = 15_000;

/** @param {{send: Function, dayChanged: () => void, notify: Function}} hooks */
export function createClock(hooks) {
  let presets = [];
  let presetsAt = 0;
  let jumped = false;
  let shown = "";
  let jumping = 0;

  function draw() {
    const ms = now();
    const minute = hourMinute(ms);
    const date = longDate(ms);
    if (`${date}${minute}` === shown) return;
    const newDay = !shown.startsWith(date);
    shown = `${date}${minute}`;
    byId("clock-time").textContent = minute;
    byId("clock-time").dateTime = new Date(ms).toISOString();
    byId("clock-date").textContent = date;
    for (const node of document.querySelectorAll("[data-part=status-time]")) node.textContent = minute;
    for (const node of document.querySelectorAll("[data-part=status-date]")) node.textContent = shortDate(ms);
    byId("jump-to").min = toLocalInput(ms);
    drawPresets();
    if (newDay) hooks.dayChanged();
  }

  /** Where a preset leads: "+…" counts from now, the others are good until the first jump. */
  function landing({ label, to }) {
    const at = Date.parse(to);
    if (Number.isNaN(at)) return "";
    if (String(label).startsWith("+")) return hourMinute(now() + at - presetsAt);
    return !jumped && at > now() ? `${shortDate(at)} ${hourMinute(at)}` : "";
  }

  function drawPresets() {
    const box = byId("presets");
    if (box.children.length !== presets.length || [...box.children].some((button, index) => button.dataset.preset !== presets[index].id)) {
      box.replaceChildren(...presets.map(({ id, label }) => h("button", {
        type: "button", class: "preset", "data-testid": `jump-${id}`, "data-preset": id,
        onclick: (event) => jump({ preset: id }, event.currentTarget),
      }, icon("forward"), h("span", {}, label), h("small"))));
    }
    presets.forEach((preset, index) => { box.children[index].lastElementChild.textContent = landing(preset); });
  }

  function jump(target, button) {
    if (!hooks.send({ type: "jump", ...target })) return;
    busy(true);
    button?.classList.add("is-busy");
    clearTimeout(jumping);
    jumping = setTimeout(() => busy(false), JUMP_MS);
  }

  function busy(on) {
    byId("tools").classList.toggle("jumping", on);
    document.body.classList.toggle("time-flies", on);
    if (!on) document.querySelector(".preset.is-busy")?.classList.remove("is-busy");
  }

  byId("jump-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const to = fromLocalInput(byId("jump-to").value);
    if (!to) hooks.notify("请选一个日期和时间");
    else if (Date.parse(to) <= now()) hooks.notify("时钟只能往前走，请选晚一点的时间");
    else jump({ to }, null);
  });
  setInterval(draw, 1000);

  return {
    /** The server's word on time; the presets come with the world and stay otherwise. */
    set(iso, zone, newPresets) {
      jumped = !newPresets && (jumped || Math.abs(Date.parse(iso) - now()) > 60_000);
      setClock(iso, zone);
      if (newPresets) { presets = newPresets; presetsAt = now(); }
      clearTimeout(jumping);
      busy(false);
      draw();
      drawPresets();
      const next = now() + 60 * 60_000;
      if (document.activeElement !== byId("jump-to")) byId("jump-to").value = toLocalInput(next - (next % (10 * 60_000)));
    },
    release() { clearTimeout(jumping); busy(false); },
  };
}
