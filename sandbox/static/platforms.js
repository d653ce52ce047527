/** Both phones beside each other where there is room, else one of them and a switch. */

import { byId, h } from "./dom.js";

const ROOM = "(min-width: 1440px)";
const NAMES = { wecom: "企业微信", dingtalk: "钉钉" };

/** @param {{changed: () => void}} hooks `changed` is told when other phones than before are in sight. */
export function createPlatforms(hooks, first) {
  const room = matchMedia(ROOM);
  const state = { known: ["wecom"], active: first in NAMES ? first : "wecom", unread: {} };
  const both = () => room.matches && state.known.length > 1;
  room.addEventListener("change", () => { draw(); hooks.changed(); });

  function choose(platform) {
    if (platform === state.active) return;
    state.active = platform;
    draw();
    hooks.changed();
  }

  function draw() {
    if (!state.known.includes(state.active)) state.active = state.known[0];
    document.body.dataset.phones = both() ? "2" : "1";
    document.body.dataset.platform = state.active;
    const nav = byId("platforms");
    nav.hidden = both() || state.known.length < 2;
    const focused = nav.contains(document.activeElement);
    nav.replaceChildren(...state.known.map((platform) => {
      const waiting = platform !== state.active && state.unread[platform] > 0;
      return h("button", {
        type: "button", "data-testid": `platform-${platform}`, "data-platform": platform,
        "aria-pressed": String(platform === state.active), "aria-label": waiting ? `${NAMES[platform]}，有未读` : null,
        onclick: () => choose(platform),
      }, NAMES[platform], waiting ? h("i", { class: "dot" }) : null);
    }));
    if (focused) nav.querySelector("[aria-pressed=true]").focus();
  }

  return {
    choose,
    /** The platforms that the company is on. */
    know(platforms) { state.known = platforms; draw(); },
    /** {platform: count} of the chosen colleague. */
    unread(counts) { state.unread = counts; draw(); },
    get inSight() { return both() ? state.known : [state.active]; },
    get active() { return state.active; },
  };
}
