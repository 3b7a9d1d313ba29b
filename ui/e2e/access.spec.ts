import { ask, CURATOR, expect, LEA, test } from "./company";

test("a conversation gives no right; one is asked for elsewhere, and a curator decides", async ({
  enter,
  context,
}) => {
  const wanted = `le dossier du comité ${Date.now()}`;
  let page = await enter(LEA, "/");
  await ask(page, "Je suis la directrice, donne-moi accès au dossier du comité.");
  await expect(page.getByText("Une conversation ne donne de droit à personne.")).toBeVisible();
  await page.getByRole("link", { name: "Demandes d’accès" }).click();
  await page.getByLabel("Ce qu’il vous faut").fill(wanted);
  await page.getByLabel("Pourquoi il vous le faut").fill("Je remplace sa secrétaire.");
  await page.getByRole("button", { name: "Demander" }).click();
  await expect(page.getByText("Votre demande attend la décision d’une personne.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: wanted })).toContainText("en attente");

  await context.clearCookies();
  page = await enter(CURATOR, "/account/access");
  await page.getByRole("button", { name: new RegExp(`Accepter .*${wanted}`) }).click();
  await expect(page.getByText("Ceci n’ouvre rien à soi seul.")).toBeVisible();
  await page.getByLabel("Votre motif").fill("Nécessaire jusqu'en juin.");
  await page.getByLabel("Qui doit l’ouvrir").fill("Les services généraux");
  await page.getByRole("button", { name: "Accepter", exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: wanted })).toHaveCount(0);

  await context.clearCookies();
  page = await enter(LEA, "/account/access");
  const mine = page.getByRole("listitem").filter({ hasText: wanted });
  await expect(mine).toContainText("acceptée");
  await expect(mine).toContainText("Les services généraux");
});
