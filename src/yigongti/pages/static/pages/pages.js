// Behaviour of every page: the menu on a phone, keys, the sheet that shows where a number comes from.
"use strict";

const side = document.getElementById("side");
const menuButton = document.querySelector(".menu-button");
const sheet = document.getElementById("sheet");

function showMenu(open) {
  side.classList.toggle("open", open);
  menuButton.setAttribute("aria-expanded", String(open));
  if (open) side.querySelector("a").focus();
}

menuButton?.addEventListener("click", () => showMenu(!side.classList.contains("open")));
document.addEventListener("click", (event) => {
  if (side?.classList.contains("open") && !event.target.closest("#side, .menu-button")) showMenu(false);
  const account = document.querySelector("details.account[open]");
  if (account && !account.contains(event.target)) account.open = false;
  if (event.target.closest("[data-close]") || event.target === sheet) sheet?.close();
  if (event.target.closest("[data-print]")) window.print();
});

// A chip that names a clause or a rule opens its page in a sheet; without scripts it is an ordinary link.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "sheet-body") return;
  if (!sheet.open) sheet.showModal();
  const place = decodeURIComponent(event.detail.requestConfig.elt.hash || "").slice(1);
  const part = place && sheet.querySelector(`[id="${CSS.escape(place)}"]`);
  sheet.scrollTop = part ? part.offsetTop - 16 : 0;
});
// A failure comes as a fragment that says what to do: show it where the answer was expected.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.selectOverride = "unset";
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-submit-on-change] :is(select, [type=checkbox], [type=radio], [type=date])")) event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Keys: "/" goes to the search field, arrows walk the rows of a table or list, Escape closes the menu.
function rowsAround(element) {
  const list = element.closest("[data-rows]:is(table, ul, ol)");
  return list ? [...list.querySelectorAll("tbody a:first-of-type, li > a:first-of-type, li .text > a:first-of-type")] : [];
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "Escape" && side?.classList.contains("open")) {
    showMenu(false);
    menuButton.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !typing) {
    const links = rowsAround(event.target);
    const here = links.findIndex((link) => link === event.target || link.closest("tr, li") === event.target.closest("tr, li"));
    const next = links[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (here >= 0 && next) { event.preventDefault(); next.focus(); }
  }
});
