// Shows the chosen photo, says at once when it is too large, and how much of it has been sent.

const LARGEST = 15 * 2 ** 20;

document.addEventListener("change", ({ target }) => {
  if (target.name !== "picture") return;
  const [file] = target.files;
  const preview = target.form.querySelector(".post-preview");
  URL.revokeObjectURL(preview.src);
  preview.hidden = !file || !file.type.startsWith("image/");
  if (!preview.hidden) preview.src = URL.createObjectURL(file);
  const tooLarge = file && file.size > LARGEST;
  target.setCustomValidity(tooLarge ? "Choose a photo of at most 15 MB." : "");
  target.reportValidity();
});

document.addEventListener(
  "error",
  ({ target }) => {
    if (target.matches?.(".post-preview")) target.hidden = true; // a kind that the browser cannot show
  },
  true,
);

document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const progress = target.querySelector("progress");
  if (!progress || !detail.lengthComputable) return;
  progress.hidden = false;
  progress.value = (100 * detail.loaded) / detail.total;
});
