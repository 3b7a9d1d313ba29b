import { CURATOR, expect, LEA, passwordOf, test } from "./company";

test("signing in: a wrong password is refused in words, the right one opens the page asked for", async ({
  enter,
}) => {
  const page = await enter(null, "/sources");
  await expect(page.getByRole("heading", { name: "Se connecter" })).toBeVisible();
  await page.getByLabel("Identifiant").fill(LEA);
  await page.getByLabel("Mot de passe", { exact: true }).fill("not the password at all");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("ne correspondent pas");
  await page.getByLabel("Mot de passe", { exact: true }).fill(passwordOf(LEA));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Sources" })).toBeVisible();
});

test("a session that ends leads to signing in and back to where one was", async ({ enter, context }) => {
  const page = await enter(LEA, "/");
  await page.getByRole("textbox", { name: "Votre question" }).waitFor();
  await context.clearCookies();
  await page.getByRole("navigation").getByRole("link", { name: "Rechercher" }).click();
  await page.getByRole("textbox", { name: "Mots à rechercher" }).fill("congés");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Votre session a pris fin")).toBeVisible();
  await page.getByLabel("Identifiant").fill(LEA);
  await page.getByLabel("Mot de passe", { exact: true }).fill(passwordOf(LEA));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(page.locator("[data-hit]").first()).toBeVisible();
});

test("the language and the appearance change at once and stay", async ({ enter }) => {
  const page = await enter(LEA);
  await page.getByRole("button", { name: /^Compte de/ }).click();
  await page.getByRole("menuitemradio", { name: "English" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "What would you like to know?" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "What would you like to know?" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("a key is shown once, and can be revoked", async ({ enter }) => {
  const page = await enter(LEA, "/account/keys");
  const label = `Journey ${Date.now()}`;
  await page.getByRole("main").getByRole("button", { name: "Créer une clé" }).click();
  await page.getByRole("textbox", { name: "Nom" }).fill(label);
  await page.getByRole("dialog").getByRole("button", { name: "Créer une clé" }).click();
  const secret = await page.getByRole("dialog").locator("code").textContent();
  expect(secret).toMatch(/^cen_/);
  await page.getByRole("button", { name: "Je l’ai gardée" }).click();
  await expect(page.getByText(secret ?? "")).toHaveCount(0);
  await page.getByRole("button", { name: `Révoquer ${label}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Révoquer", exact: true }).click();
  await expect(page.getByText(label)).toHaveCount(0);
});

test("a curator leaves a folder out by keyboard, is told nothing of it, and takes it back", async ({
  enter,
}) => {
  test.setTimeout(120_000);
  const page = await enter(CURATOR, "/sources");
  await page.getByRole("link", { name: "Registre" }).first().click();
  await page.getByRole("button", { name: "Écarter un chemin" }).press("Enter");
  await page.getByLabel("Chemin d’un fichier ou d’un dossier").fill("achats-imaginaires/");
  await page.keyboard.press("Enter");
  const left = page.getByRole("region", { name: "Écartés" });
  await expect(left.getByText(/^Depuis le/)).toBeVisible();
  await left.getByRole("button", { name: "Reprendre achats-imaginaires" }).press("Enter");
  await expect(left).toHaveCount(0, { timeout: 60_000 });
});

test("a reader is offered neither sync nor ledger", async ({ enter }) => {
  const page = await enter(LEA, "/sources");
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Synchroniser" })).toHaveCount(0);
});

test("signing out leaves nothing behind", async ({ enter, context }) => {
  await context.request.post("/api/v1/session", { data: { login: LEA, password: passwordOf(LEA) } });
  const page = await enter(null);
  await page.getByRole("button", { name: /^Compte de/ }).click();
  await page.getByRole("menuitem", { name: "Se déconnecter" }).click();
  await expect(page.getByRole("heading", { name: "Se connecter" })).toBeVisible();
  expect((await context.request.get("/api/v1/session")).status()).toBe(401);
});
