// Keeps what is being written while the tab is open, so that going back or loading again loses nothing. First of all:
// the other scripts find the words that it brought.
"use strict";
(() => {
  const form = document.querySelector("form.ask[data-most-octets]");
  if (!form || !form.elements.text) return;
  const names = ["key", "category", "subject", "text", "name", "email", "kept"];
  const place = "deskbell-words";
  const visit = performance.getEntriesByType("navigation")[0];
  const returned = Boolean(visit) && (visit.type === "back_forward" || visit.type === "reload");

  function keep() {
    try {
      sessionStorage.setItem(place, JSON.stringify(names.map((name) => form.elements[name].value)));
    } catch {
      // Some browsers keep nothing in a frame or in a private window: then it is as it was without this.
    }
  }

  function bring() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(place) || "null");
      if (!returned || !kept || form.elements.text.value || form.elements.subject.value) return;
      names.forEach((name, number) => { form.elements[name].value = kept[number]; });
    } catch {
      // What is not ours is left alone.
    }
  }

  bring();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("files-kept", keep);
})();
