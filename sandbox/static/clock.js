/** The simulated clock on the right and in the phone's status bar, and the jumps forward. */

import { byId, h, icon } from "./dom.js";
import { fromLocalInput, hourMinute, landing, longDate, now, setClock, shortDate, toLocalInput } from "./time.js";

const JUMP_MS = 15_000;

/** @param {{send: Function, dayChanged: () => void, notify: Function}} hooks */
export function createClock(hooks) {
  let presets = [];
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
    byId("status-time").textContent = minute;
    byId("status-date").textContent = shortDate(ms);
    byId("jump-to").min = toLocalInput(ms);
    if (newDay) hooks.dayChanged();
  }

  function drawPresets() {
    byId("presets").replaceChildren(...presets.map(({ id, label, to }) => {
      const at = Date.parse(to);
      return h("button", {
        type: "button", class: "preset", "data-testid": `jump-${id}`,
        onclick: (event) => jump({ preset: id }, event.currentTarget),
      }, icon("forward"), h("span", {}, label), at > now() ? h("small", {}, landing(at)) : null);
    }));
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
      setClock(iso, zone);
      if (newPresets) presets = newPresets;
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
