// A file of passwords leaves the page as it was before, so the page is asked for anew beside it.
// Without this script the file comes all the same.
async function handOut(form, given) {
  const answer = await fetch(form.action, { method: "POST", body: given });
  if (!answer.headers.get("Content-Type").startsWith("text/csv")) return show(await answer.text());
  const name = answer.headers.get("Content-Disposition").match(/filename="(.+)"/)[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  const page = await fetch(form.action, { method: "POST", body: new FormData(form) });
  show(await page.text(), `The passwords are in the file ${name} that you have just got.`);
}

function show(html, said) {
  const content = new DOMParser().parseFromString(html, "text/html").querySelector("#content-start");
  document.querySelector("#content-start").replaceWith(content);
  if (!said) return;
  const notice = document.querySelector("#handed-out");
  notice.textContent = said;
  notice.hidden = false;
  notice.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-hands-out]")) return;
  event.preventDefault();
  const given = new FormData(form, event.submitter);
  event.submitter.disabled = true;
  // Sent without what was pressed, the form only shows how things stand.
  handOut(form, given).catch(() => form.submit());
});
