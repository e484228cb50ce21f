// A file that the server would refuse is refused before it is sent; and while a large one is on its
// way, the button says so.

const MOST_BYTES = 15 * 2 ** 20;
const archive = document.querySelector("#id_archive");
const form = archive.form;
const button = form.querySelector("[type=submit]");
const said = button.textContent;

archive.addEventListener("change", () => {
  const [file] = archive.files;
  const large = file && file.size > MOST_BYTES;
  archive.setCustomValidity(
    large ? `The file has ${Math.round(file.size / 2 ** 20)} MB, and 15 MB is the most.` : "",
  );
  archive.reportValidity();
});

form.addEventListener("submit", () => {
  if (archive.files.length) button.textContent = "Looking at the pictures…";
});

// Whoever comes back finds it as it was.
addEventListener("pageshow", () => {
  button.textContent = said;
});
