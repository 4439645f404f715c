// Sends files ahead, with progress, as soon as they are chosen. Without this they go along with the question.
"use strict";
(() => {
  const form = document.querySelector("form.ask[data-most-octets]");
  const input = document.getElementById("files"), box = document.getElementById("uploads");
  const kept = document.getElementById("kept");
  if (!form || !input || !box || !kept) return;
  const most = Number(form.dataset.mostFiles), room = Number(form.dataset.mostOctets);
  const said = document.createElement("p"), waiting = [];
  said.className = "hint";
  said.setAttribute("role", "status");
  box.append(said);
  let running = false, wanted = null;

  function leftOut() {
    return [...kept.querySelectorAll("input[type=checkbox]")].filter((one) => one.checked).map((one) => one.name);
  }

  function there() {
    return [...kept.querySelectorAll("input[type=checkbox]")].filter((one) => !one.checked);
  }

  function line(file, number) {
    const item = document.createElement("li"), label = document.createElement("label");
    const tick = document.createElement("input"), name = document.createElement("bdi");
    const size = document.createElement("span");
    tick.type = "checkbox";
    tick.name = `drop${number}`;
    tick.value = "1";
    tick.dataset.octets = file.octets;
    name.textContent = file.name;
    size.className = "hint";
    size.textContent = file.size;
    label.append(tick, " ", name, " ", size);
    item.append(label);
    return item;
  }

  function showKept(answer) {
    form.elements.kept.value = answer.kept;
    kept.hidden = answer.files.length === 0;
    kept.querySelector("ul").replaceChildren(...answer.files.map(line));
    form.dispatchEvent(new Event("files-kept"));
  }

  function tooMuch(files) {
    const ours = there();
    const octets = ours.reduce((sum, one) => sum + Number(one.dataset.octets), 0);
    const all = octets + files.reduce((sum, one) => sum + one.size, 0);
    if (ours.length + files.length > most) return `At most ${most} files can come along. Please pack them.`;
    if (all > room) return `These files have ${(all / 1e6).toFixed(1)} MB, the limit is ${room / 1e6} MB in all.`;
    return "";
  }

  function row(files) {
    const holder = document.createElement("div"), bar = document.createElement("progress");
    const words = document.createElement("p"), stop = document.createElement("button");
    words.textContent = files.map((one) => one.name).join(", ");
    words.dir = "auto";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Sending ${words.textContent}`);
    stop.type = "button";
    stop.className = "plain small";
    stop.textContent = "Cancel";
    stop.setAttribute("aria-label", `Cancel ${words.textContent}`);
    holder.className = "upload";
    holder.append(words, bar, stop);
    box.append(holder);
    return { holder, bar, stop };
  }

  function send(files) {
    const shown = row(files), call = new XMLHttpRequest(), body = new FormData();
    let cancelled = false;
    body.append("kept", form.elements.kept.value);
    leftOut().forEach((name) => body.append(name, "1"));
    files.forEach((one) => body.append("files", one, one.name));
    call.upload.addEventListener("progress", (at) => { if (at.lengthComputable) shown.bar.value = at.loaded / at.total; });
    call.addEventListener("loadend", () => ended(call, files, shown, cancelled));
    shown.stop.addEventListener("click", () => { cancelled = true; call.abort(); });
    call.open("POST", "/tickets/files");
    call.responseType = "json";
    call.send(body);
  }

  function ended(call, files, shown, cancelled) {
    running = false;
    if (call.status === 200 && call.response) {
      shown.holder.remove();
      showKept(call.response);
      said.textContent = files.length === 1 ? `${files[0].name} is here.` : `${files.length} files are here.`;
    } else if (cancelled) {
      shown.holder.remove();
      said.textContent = "Cancelled; the file does not come along.";
      input.focus();
    } else {
      said.textContent = (call.response && call.response.problem) || "The file did not get here. Try it again.";
      wanted = null;
      again(files, shown);
    }
    next();
  }

  function again(files, shown) {
    shown.bar.remove();
    shown.stop.replaceWith(shown.stop.cloneNode());
    const retry = shown.holder.querySelector("button") || shown.holder.appendChild(document.createElement("button"));
    retry.type = "button";
    retry.className = "plain small";
    retry.textContent = "Try again";
    retry.setAttribute("aria-label", `Try ${files.map((one) => one.name).join(", ")} again`);
    retry.addEventListener("click", () => { shown.holder.remove(); waiting.push(files); next(); });
  }

  function next() {
    if (running) return;
    const files = waiting.shift();
    if (files) {
      running = true;
      send(files);
    } else if (wanted) {
      form.requestSubmit(wanted.button);
    }
  }

  input.addEventListener("change", () => {
    const files = [...input.files], problem = tooMuch(files);
    said.textContent = problem;
    input.value = "";
    if (files.length && !problem) {
      waiting.push(files);
      next();
    }
  });

  form.addEventListener("submit", (event) => {
    if (!running && waiting.length === 0) return;
    event.preventDefault();
    wanted = { button: event.submitter };
    said.textContent = "Your files are on their way; your question is sent as soon as they are here.";
  });

  async function listAgain() {
    const body = new FormData();
    body.append("kept", form.elements.kept.value);
    form.elements.kept.value = "";
    try {
      const answer = await fetch("/tickets/files", { method: "POST", body, credentials: "omit" });
      if (answer.ok) showKept(await answer.json());
    } catch {
      said.textContent = "Please choose your files again.";
    }
  }

  if (form.elements.kept.value && kept.hidden) listAgain();
})();
