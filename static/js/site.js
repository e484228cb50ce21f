// What every page needs of script: say when a press failed, and announce what changed.

const trouble = document.getElementById("trouble");
const status = document.getElementById("status");

function show(sentence) {
  trouble.querySelector("[data-sentence]").textContent = sentence;
  trouble.hidden = false;
}

function refusal(code) {
  if (code === 403) return "This page is out of date. Reload it and try again.";
  if (code === 404 || code === 410) return "That is no longer there. Reload the page to see what is.";
  if (code === 413) return "That file is too large. A picture may have at most 15 MB.";
  if (code === 429) return "That was a lot at once. Wait a moment, reload the page and try again.";
  return "That did not work. Reload the page and try again.";
}

document.addEventListener("htmx:responseError", (event) => show(refusal(event.detail.xhr.status)));
document.addEventListener("htmx:sendError", () =>
  show("The site cannot be reached. Check your connection, reload the page and try again."),
);
document.addEventListener("htmx:timeout", () =>
  show("The site took too long to answer. Reload the page and try again."),
);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) trouble.hidden = true;
});

// A part that arrives may say what changed, in an element with data-announce. The region that
// speaks it stays in the page: one that were swapped itself would often stay silent.
document.addEventListener("htmx:afterSettle", (event) => {
  const root = event.detail.elt;
  const news = root.matches("[data-announce]") ? root : root.querySelector("[data-announce]");
  if (news) status.textContent = news.textContent;
});
