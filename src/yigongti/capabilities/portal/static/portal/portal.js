// Installs the service worker, and asks before what cannot be taken back.
"use strict";
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(document.documentElement.dataset.worker, { scope: document.documentElement.dataset.scope });
}
document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-confirm]");
  if (asked && !window.confirm(asked.dataset.confirm)) event.preventDefault();
});
