// Shows the chosen photo, says at once when it is too large, and how much of it has been sent.

const LARGEST = 15 * 2 ** 20;

document.addEventListener("change", ({ target }) => {
  if (target.name !== "picture") return;
  const [file] = target.files;
  const chosen = target.form.querySelector("[data-chosen]");
  for (const image of chosen.children) URL.revokeObjectURL(image.src);
  chosen.hidden = !file || !file.type.startsWith("image/");
  chosen.replaceChildren(...(chosen.hidden ? [] : [preview(file)]));
  const tooLarge = file && file.size > LARGEST;
  target.setCustomValidity(tooLarge ? "Choose a photo of at most 15 MB." : "");
  target.reportValidity();
});

function preview(file) {
  const image = new Image();
  image.className = "post-preview";
  image.alt = "The photo that you chose";
  image.addEventListener("error", () => image.remove()); // a kind that the browser cannot show
  image.src = URL.createObjectURL(file);
  return image;
}

document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const progress = target.querySelector("progress");
  if (!progress || !detail.lengthComputable) return;
  progress.hidden = false;
  progress.value = (100 * detail.loaded) / detail.total;
});
