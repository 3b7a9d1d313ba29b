import { defineConfig } from "@playwright/test";

// As root, in a container, and without a word to anybody outside.
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Journeys through a server that is already running, with accounts of the sample company. */
export default defineConfig({
  testDir: "e2e",
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: "list",
  outputDir: "test-results",
  use: {
    baseURL: process.env.CENTAURE_URL ?? "http://127.0.0.1:8600",
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CENTAURE_CHROMIUM ?? "/usr/bin/chromium", args: QUIET },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      // What a phone changes; the rest is the same code on a narrower page.
      name: "phone",
      grep: /@phone/,
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    },
  ],
});
