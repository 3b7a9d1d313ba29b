import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./company";

/** No fault that axe can find, and nothing sticks out. */
export async function expectAccessible(page: Page): Promise<void> {
  // Colours are measured at rest, not half-way through an entrance.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map((node) => node.target) })),
  ).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    "fits its width",
  ).toBe(true);
}
