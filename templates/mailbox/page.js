"use strict";
/* Only this script runs on the page: the policy in the head names its hash, and the letter's frame has none. */
const frame = document.querySelector("iframe");
const fit = () => {
  const letter = frame.contentDocument && frame.contentDocument.documentElement;
  if (!letter) return;
  frame.style.height = "0";
  frame.style.height = `${letter.scrollHeight}px`;
};
if (frame) {
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
