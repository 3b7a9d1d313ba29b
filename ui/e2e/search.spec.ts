import { expect, LEA, test } from "./company";

test("a search marks its words, narrows by filters kept in the address, and opens a hit @phone", async ({
  enter,
  isMobile,
}) => {
  const page = await enter(LEA, "/search");
  await page.getByRole("textbox", { name: "Mots à rechercher" }).fill("déplacement repas");
  await page.keyboard.press("Enter");
  const hits = page.getByRole("list", { name: "Résultats" }).locator(":scope > li");
  await expect(hits.first()).toBeVisible();
  await expect(hits.first().locator("mark").first()).toBeVisible();
  const all = await hits.count();
  if (isMobile) await page.getByRole("button", { name: /^Filtres/ }).click();
  await page.getByRole("combobox", { name: "Type" }).selectOption("docx");
  await expect(page).toHaveURL(/format=docx/);
  await expect.poll(() => hits.count()).toBeLessThan(all);
  await page.reload();
  await expect(hits.first()).toContainText("Word");
  await hits.first().getByRole("link").first().click();
  await expect(page).toHaveURL(/document=\d+/);
  await expect(page.getByRole("heading", { name: "À propos de ce document" })).toBeVisible();
});

test("the keyboard alone goes from the box to a passage and back", async ({ enter }) => {
  const page = await enter(LEA, "/search?q=télétravail");
  const hit = page.locator("[data-hit]").first();
  await expect(hit).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("textbox", { name: "Mots à rechercher" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(hit).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(hit).toBeFocused();
});

test("a thumb on a hit stays, and the same thumb takes it back @phone", async ({ enter }) => {
  const page = await enter(LEA, "/search?q=télétravail");
  const useful = page.getByRole("button", { name: /^Utile/ }).first();
  const useless = page.getByRole("button", { name: /^Pas utile/ }).first();
  const told = (method: string) =>
    page.waitForResponse(
      (answer) => answer.url().includes("/feedback") && answer.request().method() === method,
    );
  await useful.focus();
  const [kept] = await Promise.all([told("POST"), page.keyboard.press("Enter")]);
  expect(kept.status()).toBe(204);
  await Promise.all([told("POST"), useless.click()]);
  await expect(useful).toHaveAttribute("aria-pressed", "false");
  await page.reload();
  await expect(useless).toHaveAttribute("aria-pressed", "true");
  await Promise.all([told("DELETE"), useless.click()]);
  await expect(useless).toHaveAttribute("aria-pressed", "false");
});

test("an older version stands folded under the newer one", async ({ enter }) => {
  const page = await enter(LEA, "/search?q=politique de déplacements");
  const fold = page.getByText(/autres? versions? ou copies?/).first();
  await expect(fold).toBeVisible();
  await fold.click();
  await expect(page.locator("details[open] li").first()).toBeVisible();
});

test("a document that is not there and one that may not be read look the same", async ({ enter }) => {
  const page = await enter(LEA, "/search?document=999999999&passage=1");
  await expect(page.getByRole("alert")).toContainText("Il n’y a rien ici que vous puissiez lire");
});
