// Review by keyboard: j/k walk the readings, Enter confirms, e edits, x rejects, Escape leaves the fields.
"use strict";

const board = document.querySelector("[data-review]");
let currentKey = "";

const cards = () => [...board.querySelectorAll(".reading")];
const current = () => board.querySelector(`[id="card-${CSS.escape(currentKey)}"]`);

function show(card, focus) {
  if (!card) return;
  board.querySelectorAll(".current").forEach((each) => each.classList.remove("current"));
  currentKey = card.dataset.key;
  card.classList.add("current");
  if (focus) card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  const mark = [...board.querySelectorAll("mark")].find((each) => each.dataset.keys.split(" ").includes(currentKey));
  mark?.classList.add("current");
  const place = mark || document.getElementById(`text-${card.dataset.clause}`);
  const source = board.querySelector(".source");
  if (place) source.scrollTop += place.getBoundingClientRect().top - source.getBoundingClientRect().top - 80;
}

function move(by) {
  const every = cards();
  const here = every.indexOf(current());
  show(every[Math.min(Math.max(here + by, 0), every.length - 1)], true);
}

function next() {
  const every = cards();
  const here = every.indexOf(current());
  const order = [...every.slice(here + 1), ...every.slice(0, here + 1)];
  show(order.find((card) => card.dataset.verdict === "unread") || every[here], true);
}

function press(value) {
  current()?.querySelector(`button[name=do][value=${value}]`).click();
}

function edit() {
  const fields = current()?.querySelector("details.edit");
  if (fields) fields.open = true;
}

const KEYS = { j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => press("confirm"), x: () => press("reject"), e: edit };

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && field && board.contains(field)) {
    const card = field.closest(".reading");
    if (card) { card.querySelector("details.edit").open = false; card.querySelector("form").reset(); show(card, true); }
  } else if (!field && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("summary, button, a") && KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-keys]");
  const card = mark ? document.getElementById(`card-${mark.dataset.keys.split(" ")[0]}`) : event.target.closest(".reading");
  if (card && card.dataset.key !== currentKey) show(card, Boolean(mark));
});
// A card that was decided comes back anew: go on to the next that waits.  Fields that were asked for get the focus.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.classList.contains("fields")) event.detail.target.querySelector("input, select")?.focus();
  else if (event.detail.requestConfig.verb === "post" && event.detail.target.id === `card-${currentKey}` && current()?.dataset.verdict !== "unread") next();
});
show(cards().find((card) => card.dataset.verdict === "unread") || cards()[0], true);
