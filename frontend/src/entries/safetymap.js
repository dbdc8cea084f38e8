// The public map works as a list and a picture; MapLibre, some 300 KB, comes only when somebody taps for it.
const button = document.getElementById("live-map-open");
button?.addEventListener("click", async () => {
  const box = document.getElementById("live-map");
  button.disabled = true;
  try {
    const { live } = await import("../safetymap/live.js");
    box.hidden = false;
    await live(box);
    button.hidden = true;
  } catch {
    button.disabled = false;
    document.getElementById("live-map-failed").hidden = false;
  }
});
