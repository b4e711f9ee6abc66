// Review by keyboard: j/k walk the readings, Enter confirms, e edits, x rejects, n adds what was missed, Escape leaves.
"use strict";

const board = document.querySelector("[data-review]");
let currentKey = "";
let selected = { section: "", text: "" };

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
  const first = current()?.querySelector(".fields :is(input, select)");
  if (first) first.focus();
  else current()?.querySelector("[data-edit]").click();
}

// Where something is missed: in the clause in which words are selected, else in that of the current reading.
function add() {
  const section = selected.section || `text-${current()?.dataset.clause}`;
  document.getElementById(section)?.querySelector("button.missed").click();
}

function leave(field) {
  field.closest(".fields").replaceChildren();
  field.closest("form")?.querySelector(".refusal").replaceChildren();
}

const KEYS = { j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => press("confirm"), x: () => press("reject"), e: edit, n: add };

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  const adding = event.target.closest("form.adding");
  if (event.key === "Escape" && adding) {
    adding.remove();
    current()?.focus();
  } else if (event.key === "Escape" && field?.closest(".reading")) {
    const card = field.closest(".reading");
    leave(field);
    show(card, true);
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
document.addEventListener("selectionchange", () => {
  const chosen = document.getSelection();
  const section = chosen.anchorNode?.parentElement?.closest(".source section");
  if (section && !chosen.isCollapsed) selected = { section: section.id, text: chosen.toString().trim() };
});

// The selected words are the quote of what was missed.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.matches("button.missed") && event.detail.elt.closest("section").id === selected.section) {
    event.detail.parameters.quote = selected.text;
    selected = { section: "", text: "" };
  }
});
// What is refused is said beside the fields, which stay as they were filled in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const place = event.detail.requestConfig.elt.closest("form")?.querySelector(".refusal");
  if (event.detail.xhr.status < 400 || !place) return;
  event.detail.target = place;
  event.detail.swapOverride = "innerHTML";
});
// A card that was decided comes back anew: go on to the next that waits.  Fields that were asked for get the focus.
document.addEventListener("htmx:afterSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target.matches(".refusal")) target.scrollIntoView({ block: "nearest" });
  else if (requestConfig.elt.matches("form.adding")) show(target.nextElementSibling, true);
  else if (target.matches(".fields, .missed-fields")) target.querySelector("input:not([type=hidden]), select")?.focus();
  else if (requestConfig.verb === "post" && target.id === `card-${currentKey}` && !current()?.querySelector(".refusal").children.length && current()?.dataset.verdict !== "unread") next();
});
show(cards().find((card) => card.dataset.verdict === "unread") || cards()[0], true);
