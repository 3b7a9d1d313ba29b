import { type APIRequestContext, expect as check } from "@playwright/test";
import {
  ADMINISTRATOR,
  CONTRACTOR,
  expect,
  expectAccessible,
  LEA,
  passwordOf,
  SHARED_QUESTION,
  test,
} from "./company";

const MODEL = `simulated-assistants-${Date.now()}`;
const NAME = `Frais de déplacement ${Date.now() % 100_000}`;

/** Adds a simulated model, or removes it, as the administrator: that has no page of its own here. */
async function administer(
  request: APIRequestContext,
  baseURL: string,
  model: number | null,
): Promise<number> {
  const data = { login: ADMINISTRATOR, password: passwordOf(ADMINISTRATOR) };
  const session = await (await request.post(`${baseURL}/api/v1/session`, { data })).json();
  const headers = { "x-csrf-token": session.csrf_token };
  if (model !== null) {
    const gone = await request.delete(`${baseURL}/api/v1/models/${model}`, { headers });
    check(gone.ok()).toBe(true);
    return model;
  }
  const wish = { name: MODEL, kind: "extractive", highest: "C1", lifecycle: "approved" };
  const added = await request.post(`${baseURL}/api/v1/models`, { headers, data: wish });
  check(added.ok(), await added.text()).toBe(true);
  return (await added.json()).id;
}

test.describe("assistants", () => {
  test.describe.configure({ mode: "serial" });
  let model = 0;

  test.beforeAll(async ({ browser }, { project }) => {
    const context = await browser.newContext();
    model = await administer(context.request, project.use.baseURL ?? "", null);
    await context.close();
  });

  test.afterAll(async ({ browser }, { project }) => {
    const context = await browser.newContext();
    await administer(context.request, project.use.baseURL ?? "", model);
    await context.close();
  });

  test("one with a form is built, used, changed, rolled back and shared", async ({
    enter,
    page,
    context,
  }) => {
    test.setTimeout(120_000);
    await enter(LEA, "/assistants");
    await page.getByRole("link", { name: "Nouvel assistant" }).click();
    await page.getByLabel("Nom", { exact: true }).fill(NAME);
    await page.getByLabel("Consignes", { exact: true }).fill("Donne le plafond d’abord.");
    await page.getByLabel("Libellé d’un nouveau champ").fill("Dépense");
    await page.keyboard.press("Enter");
    await page.getByLabel("À remplir obligatoirement").check();
    await page
      .getByLabel("Modèle de demande", { exact: true })
      .fill("Quel est le plafond de remboursement d'un {depense} en déplacement ?");
    const preview = page.getByRole("complementary", { name: "Aperçu" });
    await preview.getByLabel("Dépense").fill("repas");
    await expect(preview).toContainText(SHARED_QUESTION);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Créer l’assistant" }).click();

    await expect(page.getByRole("heading", { level: 1 })).toHaveText(NAME);
    const address = new URL(page.url()).pathname;
    await expectAccessible(page);
    await page.getByLabel("Dépense").fill("repas");
    await page.getByRole("button", { name: "Demander", exact: true }).click();
    await expect(page.getByRole("article")).toContainText("22 euros");
    await expect(page.getByRole("article")).toContainText(MODEL);
    await expect(page.getByRole("link", { name: NAME })).toBeVisible();
    const useful = page.getByRole("button", { name: "Cette réponse est utile" });
    await useful.click();
    await expect(useful).toHaveAttribute("aria-pressed", "true");

    await page.getByRole("link", { name: NAME }).click();
    // Of fewer than three people besides oneself, no count tells.
    await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("Moins de trois personnes");
    await page.getByRole("link", { name: "Modifier" }).click();
    await page.getByLabel("Ton", { exact: true }).fill("Chaleureux");
    await page.getByRole("button", { name: "Enregistrer une nouvelle version" }).click();
    await page.getByText("1 changement", { exact: true }).click();
    await expect(page.getByRole("definition").filter({ hasText: "Après" })).toContainText("Chaleureux");
    await page.getByRole("button", { name: "Remettre la version 1 en vigueur" }).click();
    await expect(page.getByRole("status").filter({ hasText: "de nouveau en vigueur" })).toBeVisible();
    await expect(page.getByRole("heading", { name: /^Version 3/ })).toContainText("en vigueur");

    await page.getByRole("button", { name: "Partager" }).click();
    await page.getByLabel("Identifiants").fill(CONTRACTOR);
    await page.getByRole("dialog").getByRole("button", { name: "Partager" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await context.clearCookies();
    await enter(CONTRACTOR, address);
    await page.getByLabel("Dépense").fill("repas");
    await page.getByRole("button", { name: "Demander", exact: true }).click();
    await expect(page.getByText("Je n’ai pas trouvé la réponse")).toBeVisible();
  });

  test("those that come with Centaure stand by team, and the composer says which one answers @phone", async ({
    enter,
    page,
  }) => {
    await enter(LEA, "/assistants");
    await expect(page.getByRole("heading", { name: "Juridique et conformité" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Documents internes" }).click();
    await page.getByRole("link", { name: "L’utiliser" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Documents internes");
    await expectAccessible(page);
    const openings = page.getByRole("list", { name: "Questions pour commencer" });
    await openings.getByRole("button", { name: /plafond de remboursement/ }).click();
    await expect(page.getByRole("article")).toContainText("22 euros");
    await expect(page.getByRole("link", { name: "Documents internes" })).toBeVisible();
    await page.getByRole("button", { name: "Continuer sans assistant" }).click();
    await expect(page.getByRole("link", { name: "Documents internes" })).toBeHidden();
  });
});

test("an assistant that writes shows what it would ask where there is no model", async ({ enter, page }) => {
  await enter(LEA, "/assistants/email-reply");
  await expect(page.getByText("Cet assistant a besoin d’un modèle de langage")).toBeVisible();
  await page.getByLabel("Message reçu").fill("Pouvez-vous venir mardi ?");
  await page.getByLabel("Ce que vous voulez répondre").fill("Oui");
  await page.getByRole("button", { name: "Rédiger" }).click();
  await expect(page.getByText("Rien n’a été écrit", { exact: true })).toBeVisible();
  await expect(page.locator("pre")).toContainText("Pouvez-vous venir mardi ?");
  await expectAccessible(page);
});
