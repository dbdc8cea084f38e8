// The poster of a place before the camera: its page opens. Another code is said to be none of ours.
import { startCamera } from "../gate/camera.js";

const said = (name, on) => { document.querySelector(`[data-${name}]`).hidden = !on; };

function take({ code }) {
  const found = code.match(/(?:^|\/)v\/([0-9A-Za-z]{20,60})\/?$/);
  said("not-ours", !found);
  if (found) location.assign(`/v/${found[1]}`);
}

document.getElementById("camera").addEventListener("click", () => {
  startCamera(take).catch(() => said("no-camera", true));
});
