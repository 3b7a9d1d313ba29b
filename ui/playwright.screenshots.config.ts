import base from "./playwright.config";

const SIZES = {
  1440: { viewport: { width: 1440, height: 900 } },
  390: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const;

/** Pictures of every screen in each size, theme and language, as `make screenshots` takes them. */
export default {
  ...base,
  testDir: "screenshots",
  timeout: 90_000,
  use: { ...base.use, trace: "off" as const },
  projects: (["fr", "en"] as const).flatMap((language) =>
    Object.entries(SIZES).map(([width, size]) => ({
      name: `${language}-${width}`,
      use: { ...size, locale: language === "fr" ? "fr-FR" : "en-GB" },
    })),
  ),
};
