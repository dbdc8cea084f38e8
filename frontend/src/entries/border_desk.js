// The desk's pages: clocks that run, three keys for three outcomes, codes from the camera.
import "../border/desk.scss";
import { offerZone } from "../border/zone_input.js";

const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select") !== null;

function tick() {
  for (const clock of document.querySelectorAll("[data-due]")) {
    const minutes = Math.floor((new Date(clock.dataset.due) - Date.now()) / 60_000);
    const text = minutes < 0 ? clock.dataset.late : clock.dataset.left;
    clock.textContent = text.replace("{n}", String(Math.abs(minutes)));
    clock.classList.toggle("vx-tag--strong", minutes < 0);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const button = document.querySelector(`button[name=outcome][accesskey="${CSS.escape(event.key)}"]`);
  if (button) button.click();
});

offerZone((text) => {
  const line = document.getElementById("code");
  line.value = text;
  line.form.requestSubmit();
});

const camera = document.getElementById("camera");
camera?.addEventListener("click", async () => {
  const { startCamera } = await import("../gate/camera.js");
  const line = document.getElementById("code");
  const take = async ({ code }) => {
    line.value = code;
    line.form.requestSubmit();
  };
  startCamera(take).catch(() => { document.getElementById("no-camera").hidden = false; });
});

tick();
setInterval(tick, 10_000);
