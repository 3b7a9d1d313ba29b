import { expect, expectAccessible, test } from "./company";

/** The administrator's link of an installation that is new: another server than that of the sample company. */
const LINK = process.env.CENTAURE_FIRST_LINK;

test("from the administrator's link to a first sourced answer", async ({ enter }) => {
  test.skip(LINK === undefined, "needs an installation that is new");
  test.setTimeout(240_000);
  const page = await enter(null, LINK);
  await page.getByRole("button", { name: "Afficher en English" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Centaure" })).toBeVisible();
  await page.getByRole("button", { name: "Show in Français" }).click();
  await expectAccessible(page);
  await page.getByLabel("Votre nom").fill("Ada Martin");
  await page.getByLabel("Identifiant").fill("ada");
  await page.getByLabel("Mot de passe", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Enregistrer et entrer" }).click();

  await expect(page.getByRole("heading", { name: "Qui rédige les réponses" })).toBeFocused();
  await page.getByText("Un autre serveur").click();
  await expectAccessible(page);
  await page.getByLabel("Adresse").fill("http://127.0.0.1:9/v1");
  await page.getByLabel("Modèle", { exact: true }).fill("nobody");
  await page.getByRole("button", { name: "Essayer et connecter" }).click();
  await expect(page.getByRole("alert")).toContainText("Le modèle n’a pas répondu");
  await page.getByText("Sans modèle", { exact: true }).click();
  await page.getByRole("button", { name: "Continuer" }).click();

  await expect(page.getByRole("heading", { name: "Quels documents" })).toBeFocused();
  await page.getByText("Un dossier à vous").click();
  await page.getByLabel("Chemin du dossier").fill("/etc");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Ce dossier ne peut pas être ajouté d’ici")).toBeVisible();
  await page.getByText("L’entreprise d’exemple").click();
  await expect(page.getByText(/fichiers seraient lus/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Ajouter et lire" })).toBeDisabled();
  await page.getByLabel("Moi seulement").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Ajouter et lire" }).click();

  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByText("Les documents sont lus.")).toBeVisible({ timeout: 180_000 });
  await expectAccessible(page);
  const suggested = page.getByRole("region", { name: "D’après vos documents" }).getByRole("button");
  await expect(suggested).toHaveCount(4);
  await suggested.first().click();
  await expect(page.getByRole("link", { name: /^Source 1/ }).first()).toBeVisible({ timeout: 30_000 });
});
