// Question pages from the server: each answer is on the device too, so that a lost network loses nothing.
import { forgetCard, offerCard } from "./card.js";
import { draft, dropDraft, keepDraft, pairs } from "./store.js";

export function keepPages() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const { draft: slug, page, id, version, whom, held } = form.dataset;
    const keep = (more = {}) => {
      const before = draft(slug);
      const known = before?.id === id ? before : { id, pages: {} };
      const pages = page ? { ...known.pages, [page]: pairs(form) } : known.pages;
      keepDraft(slug, { ...known, version, whom, held: held.split(" "), pages, ...more });
    };
    keep();
    form.addEventListener("input", () => keep());
    form.addEventListener("change", () => keep());
    form.addEventListener("submit", () => keep({ sent: "send" in form.dataset }));
  }
  offerCard();
  const done = document.querySelector("[data-sent]");
  if (done) forgetCard();
  if (done && draft(done.dataset.sent)?.sent) dropDraft(done.dataset.sent);
}
