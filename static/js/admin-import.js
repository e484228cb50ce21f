// A file that is too large is refused before it is sent: its browser would show no answer.
const input = document.querySelector("input[type=file][data-most-bytes]");

input?.addEventListener("change", () => {
  const tooLarge = input.files[0]?.size > Number(input.dataset.mostBytes);
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  input.reportValidity();
});
