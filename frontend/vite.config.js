// Builds the assets into the Django app's static folder: hashed names, a manifest that templates read,
// and a gzip and a brotli twin of each text file, which the server hands out as they are.
import { readdirSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const OUT = "../src/vungxanh/web/static/dist";

// citizen and desk are the two faces; a page with needs of its own (gate, map) has one file in src/entries
const ENTRIES = Object.fromEntries([
  ["citizen", "src/citizen.js"],
  ["desk", "src/desk.js"],
  ...readdirSync("src/entries").map((file) => [file.replace(/\.js$/, ""), `src/entries/${file}`]),
]);

function twins() {
  return {
    name: "compressed-twins",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!/\.(m?js|css|svg)$/.test(name)) continue;
          const text = Buffer.from(file.type === "chunk" ? file.code : file.source);
          const brotli = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
          this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotli });
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(text, { level: 9 }) });
        }
      },
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [twins()],
  css: {
    preprocessorOptions: {
      scss: { loadPaths: ["node_modules/nhsuk-frontend/dist"], quietDeps: true },
    },
  },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome87", "firefox91", "safari15"],
    rollupOptions: {
      input: ENTRIES,
    },
  },
});
