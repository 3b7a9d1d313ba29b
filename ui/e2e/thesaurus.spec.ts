import { CURATOR, expect, LEA, test } from "./company";

const TERM = `Escale ${Date.now()}`;

test("a curator adds an entry, stops using it, and removes it @phone", async ({ enter }) => {
  const page = await enter(CURATOR, "/thesaurus");
  await page.getByRole("button", { name: "Ajouter une entrée" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Une expression des questions").fill(TERM);
  await dialog.getByLabel("Ce qu’il faut aussi chercher").fill("portail des voyages");
  await dialog.getByRole("button", { name: "Ajouter une entrée" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: TERM });
  await expect(entry).toContainText("En service");
  await entry.getByRole("button", { name: `Actions pour ${TERM}` }).click();
  await page.getByRole("menuitem", { name: "Retirer du service" }).click();
  await expect(entry).toContainText("Refusées");
  await entry.getByRole("button", { name: `Actions pour ${TERM}` }).click();
  await page.getByRole("menuitem", { name: "Supprimer" }).click();
  await expect(entry).toHaveCount(0);
});

test("a reader has no such page", async ({ enter }) => {
  const page = await enter(LEA, "/thesaurus");
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Thésaurus");
  await expect(page.getByRole("link", { name: "Thésaurus" })).toHaveCount(0);
});
