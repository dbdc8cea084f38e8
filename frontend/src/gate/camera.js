// Codes from the camera: the browser's own detector where it has one, else zxing as WebAssembly from our own server.
const video = document.getElementById("video");
const SAME = 8000; // ms in which the same code before the lens is the same person still standing there

async function detector() {
  if ("BarcodeDetector" in globalThis) {
    const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (known.includes("qr_code")) {
      const own = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await own.detect(video)).map((found) => found.rawValue);
    }
  }
  return (await import("./zxing.js")).reader(video);
}

export async function startCamera(take) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  video.hidden = false;
  document.getElementById("camera").hidden = true;
  await video.play();
  watch(await detector(), take);
}

function watch(read, take) {
  let last = "";
  let when = 0;
  const look = async () => {
    const began = performance.now();
    const [code] = video.readyState >= 2 ? await read().catch(() => []) : [];
    if (code && (code !== last || began - when > SAME)) {
      last = code;
      await take({ code, way: "camera" });
      document.body.dataset.frame = String(Math.round(performance.now() - began));
    }
    if (code) when = performance.now();
    setTimeout(look, 30);
  };
  look();
}
