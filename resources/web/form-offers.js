// Answers that may help, while the question is being written. Without this they are shown before it is sent.
"use strict";
(() => {
  const form = document.querySelector("form.ask[data-most-octets]");
  const box = document.getElementById("offers");
  if (!form || !box || !form.elements.text) return;
  const REST_MS = 500, LEAST = 8, LONGEST = 6000;
  const said = document.createElement("p"), list = document.createElement("ul"), seen = document.createElement("input");
  said.className = "hint";
  said.setAttribute("role", "status");
  list.className = "offers";
  seen.type = "hidden";
  seen.name = "seen";
  box.append(said, list);
  form.append(seen);
  const known = new Set();
  let timer = 0, asking = null, shown = "";

  function slug(offer) {
    return offer.href.split("/").pop();
  }

  function item(offer) {
    const line = document.createElement("li"), link = document.createElement("a");
    const words = document.createElement("p"), button = document.createElement("button");
    const site = form.elements.site ? form.elements.site.value : "";
    link.href = site ? `${offer.href}?site=${encodeURIComponent(site)}` : offer.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.dir = "auto";
    link.textContent = offer.question;
    words.className = "hint";
    words.dir = "auto";
    words.textContent = offer.excerpt;
    button.type = "button";
    button.addEventListener("click", () => {
      form.elements.step.value = `answered.${slug(offer)}`;
      form.submit();
    });
    button.className = "plain";
    button.textContent = "This answered my question";
    button.setAttribute("aria-label", `This answered my question: ${offer.question}`);
    line.append(link, words, button);
    return line;
  }

  function show(offers) {
    const names = offers.map(slug).join(",");
    if (names === shown || list.contains(document.activeElement)) return;
    shown = names;
    list.replaceChildren(...offers.map(item));
    offers.forEach((offer) => known.add(slug(offer)));
    seen.value = [...known].join(",");
    const count = offers.length === 1 ? "This answer" : `These ${offers.length} answers`;
    said.textContent = offers.length ? `${count} may help; the whole answer opens in a new tab.` : "";
  }

  async function ask() {
    const subject = form.elements.subject.value, text = form.elements.text.value;
    if (asking) asking.abort();
    if (subject.length + text.length < LEAST) return show([]);
    asking = new AbortController();
    const asked = new URLSearchParams({ subject, text: "", category: form.elements.category.value });
    for (let most = 1500; most > 50; most = Math.floor(most * 0.8)) {  // a letter may take nine in an address
      asked.set("text", text.slice(0, most));
      if (`${asked}`.length < LONGEST) break;  // proxies take 8,000
    }
    try {
      const answer = await fetch(`/faq/offers?${asked}`, { signal: asking.signal, credentials: "omit" });
      if (answer.ok) show((await answer.json()).offers.slice(0, 3));
    } catch {
      // Offline, or asked again meanwhile: the question can be sent all the same.
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(ask, REST_MS);
  }

  for (const name of ["subject", "text"]) form.elements[name].addEventListener("input", soon);
  form.elements.category.addEventListener("change", soon);
  if (form.elements.text.value) soon();
})();
