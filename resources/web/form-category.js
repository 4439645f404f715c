// Says what belongs into the chosen category, and proposes one from the words. Without this the list says it.
"use strict";
(() => {
  const form = document.querySelector("form.ask[data-most-octets]");
  const said = document.getElementById("said");
  if (!form || !said || !form.elements.category) return;
  const REST_MS = 700, LEAST = 12, choice = form.elements.category;
  const explained = new Map();
  for (const name of document.querySelectorAll("[data-category]")) {
    explained.set(name.dataset.category, name.nextElementSibling.textContent);
  }
  let timer = 0, asking = null;

  function name(id) {
    const found = [...choice.options].find((one) => one.value === id);
    return found ? found.textContent : "";
  }

  function say() {
    said.replaceChildren(explained.get(choice.value) || "");
  }

  function propose(id) {
    if (!name(id) || (choice.value && choice.value !== "?")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain small";
    button.textContent = `Choose ${name(id)}`;
    button.addEventListener("click", () => {
      choice.value = id;
      choice.dispatchEvent(new Event("change", { bubbles: true }));
      choice.focus();
    });
    said.replaceChildren(`Your words look like ${name(id)}. `, button);
  }

  async function guess() {
    const subject = form.elements.subject.value, text = form.elements.text.value;
    if (asking) asking.abort();
    if ((choice.value && choice.value !== "?") || subject.length + text.length < LEAST) return;
    asking = new AbortController();
    const body = new URLSearchParams({ subject, text: text.slice(0, 4000) });
    try {
      const asked = { method: "POST", body, signal: asking.signal, credentials: "omit" };
      const answer = await fetch("/tickets/category", asked);
      if (answer.ok) propose((await answer.json()).categoryId);
    } catch {
      // Whoever is offline chooses by hand.
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(guess, REST_MS);
  }

  choice.addEventListener("change", say);
  for (const one of ["subject", "text"]) form.elements[one].addEventListener("input", soon);
  say();
})();
