// Puts a button beside every box to copy from. Pages do without: the text can be selected.
"use strict";
for (const box of document.querySelectorAll("textarea.copy")) {
  const button = document.createElement("button");
  const { copy, copied } = document.body.dataset;
  const name = box.getAttribute("aria-label") || box.labels[0]?.textContent || "";
  button.type = "button";
  button.className = "copy";
  button.textContent = copy;
  button.setAttribute("aria-label", `${copy}: ${name}`);
  button.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      button.textContent = copied;
    } catch {
      box.focus(); // without leave to write, the text is selected and Ctrl+C does it
    }
  });
  box.after(button);
}
