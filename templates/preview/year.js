"use strict";
/* The page is whole without this: it opens the day or the department that a link leads to, and all at once. */
const open = () => {
  let place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  for (let around = place.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  place.scrollIntoView();
};
addEventListener("hashchange", open);
open();
for (const button of document.querySelectorAll("button[data-of]")) {
  const every = [...document.querySelectorAll(`#${button.dataset.of} details`)];
  button.hidden = false;
  button.addEventListener("click", () => {
    const unfold = every.some(one => !one.open);
    for (const one of every) one.open = unfold;
    button.textContent = unfold ? "全部收起" : "全部展开";
  });
}
