"use strict";
const box = document.getElementById("filter");
if (box) {
  const rows = [...document.querySelectorAll("tbody tr")].map(row => ({ row, words: row.textContent.toLowerCase() }));
  const buttons = [...document.querySelectorAll("button[data-kind]")];
  const chosen = () => buttons.filter(one => one.getAttribute("aria-pressed") === "true").map(one => one.dataset.kind);
  const show = () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean), kinds = chosen();
    let count = 0;
    for (const { row, words } of rows) {
      const fits = (!kinds.length || kinds.includes(row.dataset.kind)) && wanted.every(word => words.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    for (const section of document.querySelectorAll("section")) {
      const link = document.querySelector(`a[href="#${section.id}"]`);
      const left = section.querySelectorAll("tbody tr:not([hidden])").length;
      section.hidden = link.hidden = !left;
      for (const place of [link, section]) place.querySelector(".number").textContent = left;
    }
    document.getElementById("none").hidden = count > 0;
    document.getElementById("shown").textContent = count === rows.length ? `共 ${count} 封` : `显示 ${count} / ${rows.length} 封`;
  };
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
      show();
    });
  }
  box.addEventListener("input", show);
  document.getElementById("tools").hidden = false;
  show();
}
