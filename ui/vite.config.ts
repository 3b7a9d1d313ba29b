import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { parts } from "./vite.parts";

/** Leaves beside each text its smaller forms, so that the server sends them without any work. */
const compressed = (folder: string): Plugin => ({
  name: "compressed",
  apply: "build",
  closeBundle() {
    for (const name of readdirSync(folder)) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      const whole = readFileSync(join(folder, name));
      if (whole.length < 1024) continue;
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(whole));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(whole, { level: 9 }));
    }
  },
});

export default defineConfig({
  plugins: [
    tanstackRouter({ target: "react", autoCodeSplitting: true, quoteStyle: "double", semicolons: true }),
    react(),
    tailwindcss(),
    parts(),
    compressed(fileURLToPath(new URL("../src/centaure/app/interface/assets", import.meta.url))),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/centaure/app/interface",
    emptyOutDir: true,
    target: "es2022",
    // The page is served under `default-src 'self'`: a data: address would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licences.md" },
    rolldownOptions: {
      output: {
        chunkFileNames: ({ name }) => `assets/${name.split("~", 1)[0]}-[hash].js`,
        // A phone pays for each file with a round trip: what every page needs is one file, what many need another,
        // and what some need few.
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"], priority: 3 },
            { name: "many", minShareCount: 12, priority: 2 },
            {
              name: "some",
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 20_000,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": process.env.CENTAURE_URL ?? "http://127.0.0.1:8600" } },
  test: { include: ["**/*.test.ts"], environment: "node" },
});
