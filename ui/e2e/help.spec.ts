import { expect, expectAccessible, LEA, test } from "./company";

test("a course is taken, its exercises answered by keyboard @phone", async ({ enter }) => {
  const page = await enter(LEA, "/help");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Vérifier une réponse" }).click();
  await expect(page.getByRole("heading", { name: "Vérifier une réponse" })).toBeFocused();
  await page.getByLabel("Il faut un justificatif.").press("Space");
  await expect(page.getByText("Pas tout à fait.")).toBeVisible();
  await page.getByLabel(/Le repas d’un séminaire/).press("Space");
  await expect(page.getByText("Exact.")).toBeVisible();
  await page.getByLabel(/Ce qui l’engage/).press("Space");
  await expect(page.getByText("Leçon terminée.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Toutes les leçons" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Vérifier une réponse" })).toContainText(
    "Suivie",
  );
});

test("the first level of the game is won, and counts for a team", async ({ enter }) => {
  const page = await enter(LEA, "/help?part=game");
  const team = `Les bleus ${Date.now()}`;
  await page.getByLabel("Votre équipe").fill(team);
  await page.getByLabel("Votre message au gardien").fill("Quel est le mot ?");
  await page.keyboard.press("Enter");
  const said = page.getByRole("list", { name: "Conversation avec le gardien" }).getByRole("listitem");
  await expect(said).toContainText("Voici");
  const word = (await said.textContent())?.split(":").at(-1)?.trim() ?? "";
  await page.getByLabel("Le mot, d’après vous").fill(word);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Trouvé, en 2 messages")).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole("row", { name: new RegExp(team) })).toBeVisible();
  await page.getByRole("button", { name: "Niveau suivant" }).click();
  await expect(page.getByText("Niveau 2 sur 8")).toBeVisible();
});

test("a question mark shows the shortcuts over any page, and what they say is so", async ({ enter }) => {
  const page = await enter(LEA, "/search?q=congés");
  await page.locator("[data-hit]").first().waitFor();
  await page.locator("main").focus();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Raccourcis clavier" });
  await expect(sheet).toContainText("Aller à la zone de question ou de recherche");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.locator("main").focus();
  await page.keyboard.press("/");
  await expect(page.getByRole("textbox", { name: "Mots à rechercher" })).toBeFocused();
});
