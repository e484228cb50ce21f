// A quick hand presses while the answer to another press is on its way. If that one replaces the
// part for which this answer is meant, htmx would put it where nobody sees it: ask for all anew.

document.addEventListener("htmx:beforeSend", ({ detail: { xhr, target } }) => {
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || !xhr.status || target.isConnected) return;
    const feed = { target: "#feed", select: "#feed", swap: "outerHTML show:none" };
    window.htmx.ajax("GET", location.pathname + location.search, feed);
  });
});
