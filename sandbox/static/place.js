/** The dialog that asks where somebody is. */

import { byId, h } from "./dom.js";

const PLACES = [
  { label: "华润置地大厦", lat: 22.5187, lng: 113.9512 },
  { label: "上海市浦东新区世纪大道 100 号", lat: 31.2346, lng: 121.5077 },
  { label: "北京市朝阳区建国路 91 号", lat: 39.9087, lng: 116.4716 },
];

/** A function that opens the dialog; what it is given gets `{label, lat, lng}`. */
export function createPlace() {
  const dialog = byId("place");
  const form = byId("place-form");
  let send = null;
  const fill = ({ label, lat, lng }) => {
    form.elements.label.value = label;
    form.elements.lat.value = lat;
    form.elements.lng.value = lng;
  };
  byId("place-presets").replaceChildren(...PLACES.map((place) =>
    h("button", { type: "button", class: "example", onclick: () => fill(place) }, place.label)));
  fill(PLACES[0]);
  byId("place-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () => send?.({
    label: form.elements.label.value.trim(), lat: Number(form.elements.lat.value), lng: Number(form.elements.lng.value),
  }));
  return (then) => {
    send = then;
    dialog.showModal();
  };
}
