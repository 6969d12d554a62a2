// What scripts add to a page that is whole without them: later answers on request, copy, print, theme.
// Nothing moves that nobody pressed. https://www.w3.org/TR/wai-aria-1.2/#status
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const parts = ["banner", "rail", "main", "cells", "dock", "again", "fold"];
  const answered = (state) => state.startsWith("answered") || state === "stale";

  const states = (main) =>
    new Map((main.dataset.sources || "").trim().split(/\s+/).filter(Boolean).map((pair) => pair.split("=")));

  // the latest state that came; what is shown changes only when somebody presses
  let latest = null;

  const arrivedSince = () => {
    const shown = states($("#main"));
    return [...states($("#main", latest))].filter(([source, state]) => state !== "pending" && shown.get(source) === "pending");
  };

  const sentence = (answers) => {
    const now = $("#sentence", latest).cloneNode(true);
    if (answers) {
      const more = document.createElement("span");
      more.className = "out";
      more.textContent = `${answers} answer${answers === 1 ? " is" : "s are"} not shown yet.`;
      $(".words strong", now).after(" ", more);
    }
    $("#sentence").replaceChildren(...now.childNodes);
  };

  const cells = (fresh) => {
    for (const cell of latest.querySelectorAll(".cell")) {
      const here = document.getElementById(cell.id);
      if (!here) continue;
      const next = cell.cloneNode(true);
      const sources = cell.dataset.sources.split(" ");
      if (!cell.classList.contains("l-asking") && sources.some((source) => fresh.has(source))) {
        next.classList.add("is-new");
        $("span", next).textContent = "New, not shown yet";
      }
      if (next.outerHTML !== here.outerHTML) here.replaceWith(next);
    }
  };

  const offer = (answers, others) => {
    const place = $("#offer");
    const text = answers ? `${answers} new answer${answers === 1 ? "" : "s"} - show` : others ? "Show the latest" : "";
    const button = $("button", place);
    if (!text) return place.replaceChildren();
    if (button) {
      button.textContent = text;
      return undefined;
    }
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small offer";
    made.textContent = text;
    made.addEventListener("click", show);
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = "Nothing moves until you press.";
    return place.replaceChildren(made, " ", hint);
  };

  const mark = (fresh) => {
    const places = [...document.querySelectorAll("#main [data-source]")].filter((element) =>
      element.dataset.source.split(" ").some((source) => fresh.has(source)));
    for (const place of places) {
      place.classList.add("is-new");
      const tag = document.createElement("span");
      tag.className = "tag new";
      tag.textContent = "New";
      const head = ["h3", "th", "strong", ".from"].map((name) => $(name, place)).find(Boolean) || place;
      head.append(" ", tag);
    }
    return places[0];
  };

  const keep = () => [...document.querySelectorAll("#main input[type=radio]:checked, #main input[type=checkbox]")]
    .map((input) => [input.name, input.value, input.checked]);

  const restore = (kept) => {
    for (const [name, value, checked] of kept) {
      const input = $(`#main input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`) || $(`#main input[name="${CSS.escape(name)}"]`);
      if (input) input.checked = checked;
    }
  };

  function show() {
    const fresh = new Set(arrivedSince().filter(([, state]) => answered(state)).map(([source]) => source));
    const kept = keep();
    for (const part of parts) {
      const old = document.getElementById(part);
      const next = $(`#${part}`, latest);
      if (old && next) old.replaceWith(document.importNode(next, true));
    }
    sentence(0);
    $("#offer").replaceChildren();
    restore(kept);
    ready();
    const first = mark(fresh) || $("#sentence");
    first.tabIndex = -1;
    first.focus();
  }

  // what may no longer be shown goes at once: that is not news, it is a withdrawal
  const withdrawn = () => ["died", "withheld"].some((name) => name in $("#banner", latest).dataset && !(name in $("#banner").dataset));

  const take = (template) => {
    latest = template.content;
    if (withdrawn()) return show();
    const arrived = arrivedSince();
    const fresh = new Set(arrived.map(([source]) => source));
    const answers = arrived.filter(([, state]) => answered(state)).length;
    cells(new Set(arrived.filter(([, state]) => answered(state)).map(([source]) => source)));
    sentence(answers);
    for (const part of ["again", "fold"]) document.getElementById(part).replaceWith($(`#${part}`, latest).cloneNode(true));
    return offer(answers, fresh.size - answers);
  };

  const seen = new Set();
  const look = () => {
    for (const end of document.querySelectorAll("[data-arrived]")) {
      if (seen.has(end)) continue;
      seen.add(end);
      const template = $(`template[data-arrival="${CSS.escape(end.dataset.arrived)}"]`);
      if (template) take(template);
    }
  };

  // buttons that need a script appear only with one
  function ready() {
    for (const button of document.querySelectorAll("[data-print], [data-copy], [data-theme-switch]")) button.hidden = false;
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if ("print" in button.dataset) window.print();
    if ("copy" in button.dataset) {
      const text = $(button.dataset.copy).textContent;
      navigator.clipboard.writeText(text).then(() => { button.lastChild.textContent = "Copied"; }, () => { button.lastChild.textContent = "Could not copy"; });
    }
    if ("themeSwitch" in button.dataset) {
      const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      document.documentElement.dataset.theme = dark ? "light" : "dark";
    }
  });

  // the script runs while the page still streams in
  new MutationObserver(() => { look(); ready(); }).observe(document, { childList: true, subtree: true });
  look();
  ready();
})();
