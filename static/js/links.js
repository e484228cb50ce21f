// Copies what a button names: an address, or the text of an element.

const status = document.getElementById("status");
const SHOWN = 2000; // milliseconds

// Without script the address is a link, and a text is selected by hand.
function offer(root) {
  for (const button of root.querySelectorAll("[data-copy], [data-copy-text]")) {
    button.hidden = false;
    const link = button.previousElementSibling;
    if (button.dataset.copy && link) link.hidden = true;
  }
}

async function copy(button) {
  const { copy: address, copyText } = button.dataset;
  const text = address
    ? new URL(address, location.href).href
    : document.getElementById(copyText).textContent;
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard is at hand, or the reader refuses: the address bar, or a selection, will do.
    if (address) location.assign(address);
    else getSelection().selectAllChildren(document.getElementById(copyText));
    return;
  }
  status.textContent = address ? "Link copied" : "Copied";
  if (before === "Copied") return;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), SHOWN);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (button) copy(button);
});
document.addEventListener("htmx:load", (event) => offer(event.detail.elt));
offer(document);
