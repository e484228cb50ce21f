// A quick hand presses while the answer to another press is on its way. If that one replaces the
// part for which this answer is meant, htmx would put it where nobody sees it: ask for all anew.

document.addEventListener("htmx:beforeSend", ({ detail: { xhr, target } }) => {
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== XMLHttpRequest.DONE || !xhr.status || target.isConnected) return;
    if (target.id === "badge") return; // what comes instead asks for its own number
    const feed = { target: "#feed", select: "#feed", swap: "outerHTML show:none" };
    window.htmx.ajax("GET", location.pathname + location.search, feed);
  });
});

// A press may have changed the order meanwhile, so that a photo comes again further down.

document.addEventListener("htmx:afterSwap", () => {
  const seen = new Set();
  for (const card of document.querySelectorAll(".cards > .turns"))
    seen.has(card.id) ? card.remove() : seen.add(card.id);
});

// More photos come by themselves; whoever asks for them goes on at the first of them.

let shown = 0;

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.id === "older") shown = document.querySelectorAll(".cards .photo").length;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const { elt, triggeringEvent } = detail.requestConfig ?? {};
  if (elt?.id !== "older-link" || triggeringEvent?.type !== "click") return;
  document.querySelectorAll(".cards .photo")[shown]?.focus();
});

// Pressing a photo twice likes it. It never takes a like back.

document.addEventListener("dblclick", ({ target }) => {
  const photo = target.closest(".photo-frame")?.closest(".photo");
  photo?.querySelector(".likes-not")?.click();
});

// j and k go from photo to photo, l presses the heart, t turns the card, ? tells.

const cards = () => [...document.querySelectorAll(".cards .photo, .faces .photo")];

function current() {
  const held = document.activeElement.closest(".photo");
  return held ?? cards().find((card) => card.getBoundingClientRect().bottom > innerHeight / 3);
}

function go(step) {
  const all = cards();
  const held = all.indexOf(document.activeElement.closest(".photo"));
  const next = held < 0 ? current() : all[held + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  if (!next && step > 0) document.getElementById("older-link")?.click();
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  l: () => current()?.querySelector(".likes, .likes-not")?.click(),
  t: () => {
    const turn = current()?.querySelector(".photo-turn");
    turn?.focus({ preventScroll: true }); // its id stays, and focus with it
    turn?.click();
  },
  "?": () => document.getElementById("keys-help")?.togglePopover(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [popover]:not(#keys-help)")) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// How long a photo was on the screen counts as time spent, in a room of one's own.

const since = new Map();

function left(frame) {
  const seconds = Math.round((performance.now() - since.get(frame)) / 1000);
  since.delete(frame);
  const form = frame.closest(".photo")?.querySelector(".photo-actions");
  if (seconds < 1 || !form) return;
  const said = new FormData(form);
  said.set("seconds", seconds);
  navigator.sendBeacon(frame.dataset.view, said);
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) since.set(target, performance.now());
      else if (since.has(target)) left(target);
    }
  },
  { threshold: 0.6 },
);

function watch() {
  for (const frame of since.keys()) if (!frame.isConnected) left(frame);
  for (const frame of document.querySelectorAll("[data-view]")) watcher.observe(frame);
}

watch();
document.addEventListener("htmx:afterSettle", watch);
addEventListener("pagehide", () => [...since.keys()].forEach(left));
document.addEventListener("visibilitychange", () => {
  watcher.disconnect(); // and what is still on the screen counts from when one comes back
  [...since.keys()].forEach(left);
  if (!document.hidden) watch();
});
