import type { Page } from "@playwright/test";
import {
  ask,
  BOTH_THEMES,
  expect,
  expectAccessible,
  HUGO,
  LEA,
  PDF_QUESTION,
  passwordOf,
  SHARED_QUESTION,
  test,
  UNANSWERABLE,
} from "./company";

const history = (page: Page) => page.getByRole("complementary", { name: "Conversations" });
const source = (page: Page) => page.getByRole("link", { name: /^Source 1/ }).first();

/** Asks, and waits until the conversation has its address and its answer. */
async function asked(page: Page, question: string): Promise<void> {
  await ask(page, question);
  await expect(page).toHaveURL(/\/c\/\d+/);
  await expect(page.getByRole("button", { name: "Refaire" }).last()).toBeVisible();
}

async function menu(page: Page, item: string): Promise<void> {
  await page
    .getByRole("button", { name: /^Actions sur/ })
    .last()
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("a conversation is kept: its address can be reloaded, and the list leads back to it", async ({
  enter,
}) => {
  const page = await enter(LEA);
  await asked(page, PDF_QUESTION);
  const box = page.getByRole("textbox", { name: "Votre question" });
  await expect(box).toHaveValue("");
  await expect(box).toBeFocused();
  await page.reload();
  await expect(page.getByRole("article")).toContainText("1 150 euros");
  await source(page).click();
  await expect(page.getByRole("img", { name: /avec le passage marqué/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Nouvelle question" }).first().click();
  await expect(page.getByRole("heading", { name: /Que souhaitez-vous savoir/ })).toBeVisible();
  await history(page)
    .getByRole("link", { name: /intéressement/ })
    .first()
    .click();
  await expect(page.getByRole("article")).toContainText("1 150 euros");
});

test("a reload in the middle of an answer goes on following it", async ({ enter, page }) => {
  await enter(LEA);
  await asked(page, PDF_QUESTION);
  let looks = 0;
  await page.route(/\/api\/v1\/conversations\/\d+$/, async (route) => {
    looks += 1;
    if (looks > 3) return route.fallback();
    if (looks === 2) return route.abort();
    const response = await route.fetch();
    const whole = await response.json();
    Object.assign(whole.turns.at(-1), { state: "writing", sentences: [], citations: [] });
    return route.fulfill({ response, json: whole });
  });
  await page.reload();
  await expect(page.getByText("La réponse s’écrit encore…")).toBeVisible();
  await expect(page.getByText("Connexion perdue")).toBeVisible();
  await expect(page.getByRole("article")).toContainText("1 150 euros");
  await expect(page.getByText("Connexion perdue")).toBeHidden();
});

test("a question asked otherwise and an answer made again stand beside the first @phone", async ({
  enter,
}) => {
  const page = await enter(LEA);
  await asked(page, SHARED_QUESTION);
  await page.getByRole("button", { name: "Refaire" }).click();
  const answers = page.getByRole("group", { name: "Versions de la réponse" });
  await expect(answers).toContainText("2 / 2");
  await answers.getByRole("button", { name: "Version précédente" }).click();
  await expect(answers).toContainText("1 / 2");
  await page.getByRole("button", { name: "Modifier la question" }).click();
  await page.getByRole("textbox", { name: "La question, autrement" }).fill(PDF_QUESTION);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article")).toContainText("1 150 euros");
  const questions = page.getByRole("group", { name: "Versions de la question" });
  await expect(questions).toContainText("2 / 2");
  await questions.getByRole("button", { name: "Version précédente" }).click();
  await expect(page.getByRole("article")).toContainText("22 euros");
  await page.reload();
  await expect(page.getByRole("article")).toContainText("22 euros");
});

test("what was written is not lost: drafts, a lost network, a conversation removed elsewhere", async ({
  enter,
  page,
}) => {
  await enter(LEA);
  const box = page.getByRole("textbox", { name: "Votre question" });
  await box.fill("Une question à moitié");
  await page.reload();
  await expect(box).toHaveValue("Une question à moitié");
  await box.fill("");
  await page.route("**/api/v1/conversations", (route) => route.abort());
  await ask(page, PDF_QUESTION);
  await expect(page.getByRole("alert")).toContainText("injoignable");
  await page.unroute("**/api/v1/conversations");
  await page.getByRole("button", { name: "Réessayer" }).click();
  await expect(source(page)).toBeVisible();
  await expect(page).toHaveURL(/\/c\/\d+/);
  const csrf = (await (await page.request.get("/api/v1/session")).json()).csrf_token;
  const id = page.url().split("/").at(-1);
  await page.request.delete(`/api/v1/conversations/${id}`, { headers: { "x-csrf-token": csrf } });
  await ask(page, SHARED_QUESTION);
  await expect(page.getByRole("alert")).toContainText("supprimée");
  await page.getByRole("button", { name: "Demander dans une nouvelle conversation" }).click();
  await expect(page.getByRole("article")).toContainText("22 euros");
});

test("a conversation is renamed, pinned, put in a folder, found, exported and deleted", async ({ enter }) => {
  const page = await enter(LEA);
  await asked(page, UNANSWERABLE);
  await menu(page, "Renommer");
  await page.getByRole("textbox", { name: "Titre" }).fill("Trottinettes du Chili");
  await page.keyboard.press("Enter");
  await menu(page, "Ranger dans un dossier");
  await page.getByRole("combobox", { name: "Dossier" }).last().fill("Essais");
  await page.keyboard.press("Enter");
  await menu(page, "Épingler");
  const pinned = page.getByRole("region", { name: "Épinglées" });
  await expect(pinned.getByRole("link", { name: /Trottinettes du Chili/ })).toBeVisible();
  await expect(pinned).toContainText("Essais");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("chili");
  await expect(history(page).locator("[data-row]")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(history(page).locator("[data-row]")).toBeFocused();
  for (const [label, ending] of [
    ["Markdown (.md)", "md"],
    ["Word (.docx)", "docx"],
    ["PDF (.pdf)", "pdf"],
  ] as const) {
    await menu(page, "Exporter");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: label }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`Trottinettes du Chili.${ending}`);
  }
  await menu(page, "Supprimer");
  await page.getByRole("button", { name: "Supprimer pour de bon" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(history(page).locator("[data-row]")).toHaveCount(0);
});

test("a shared conversation shows to each what they may read", async ({ enter, context, page }) => {
  await enter(HUGO);
  await asked(page, SHARED_QUESTION);
  await expect(page.getByRole("article")).toContainText("38 euros");
  await menu(page, "Partager");
  await page.getByRole("textbox", { name: "Identifiants" }).fill(LEA);
  await expectAccessible(page, BOTH_THEMES);
  await page.getByRole("dialog").getByRole("button", { name: "Partager", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const address = new URL(page.url()).pathname;
  await context.clearCookies();
  await enter(LEA);
  await page.getByRole("button", { name: "Partagées avec moi" }).click();
  await history(page).locator("[data-row]").first().click();
  await expect(page).toHaveURL(new RegExp(`${address}$`));
  await expect(page.getByText("Ce que vous ne pouvez pas lire n'est pas montré.")).toBeVisible();
  await expect(page.getByRole("article")).toBeVisible();
  await expect(page.getByRole("article")).not.toContainText("38 euros");
  await expect(page.getByRole("textbox", { name: "Votre question" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Refaire" })).toHaveCount(0);
  await expectAccessible(page, BOTH_THEMES);
});

test("a file that is dropped is read, answers, opens, and can be removed", async ({ enter, page }) => {
  await enter(LEA);
  const data = await page.evaluateHandle(() => {
    const carried = new DataTransfer();
    const words = "Le matricule de la grue mobile de Valparaiso est le QX-4471. Elle est révisée en mars.";
    carried.items.add(new File([words], "grue.txt", { type: "text/plain" }));
    return carried;
  });
  const place = page.getByRole("heading", { name: /Que souhaitez-vous savoir/ });
  await place.dispatchEvent("dragenter", { dataTransfer: data });
  await expect(page.getByText("Déposez les fichiers pour les joindre")).toBeVisible();
  await place.dispatchEvent("drop", { dataTransfer: data });
  await page.getByRole("combobox", { name: "Classe du fichier" }).selectOption("C1");
  await expectAccessible(page, BOTH_THEMES);
  await page.getByRole("button", { name: "Joindre", exact: true }).click();
  const files = page.getByRole("region", { name: "Fichiers de cette conversation" });
  await expect(files).toContainText("grue.txt");
  await expect(files).toContainText(/Lu/, { timeout: 30_000 });
  await asked(page, "Quel est le matricule de la grue mobile de Valparaiso ?");
  await expect(page.getByRole("article")).toContainText("QX-4471");
  await source(page).click();
  await expect(page.locator("mark").first()).toContainText("QX-4471");
  await page.keyboard.press("Escape");
  await files.getByRole("button", { name: "Retirer grue.txt" }).click();
  await expect(files).toBeHidden();
  await page.reload();
  await expect(page.getByRole("article")).not.toContainText("QX-4471");
});

test("what supports each sentence is shown on demand", async ({ enter, page }) => {
  await enter(LEA);
  await asked(page, PDF_QUESTION);
  await page.route(/\/api\/v1\/conversations\/\d+$/, async (route) => {
    const response = await route.fetch();
    const whole = await response.json();
    const answer = whole.turns.at(-1);
    answer.model = "simulé";
    answer.sentences[0].support = "supported";
    answer.sentences.push({
      text: "Et le reste.",
      citations: [1],
      support: "unsupported",
      reason: "Rien ne le dit.",
    });
    return route.fulfill({ response, json: whole });
  });
  await page.reload();
  await page.getByRole("button", { name: "Vérifier" }).click();
  const support = page.getByRole("region", { name: "Ce qui appuie chaque phrase" });
  await expect(support).toContainText("Confirmée par les passages cités.");
  await expect(support).toContainText("Rien ne le dit.");
  await expectAccessible(page, BOTH_THEMES);
});

test("signing out leaves nothing behind", async ({ enter }) => {
  // In a session of its own: the others go on with theirs.
  const page = await enter(null);
  await page.getByLabel("Identifiant").fill(LEA);
  await page.getByRole("textbox", { name: "Mot de passe" }).fill(passwordOf(LEA));
  await page.keyboard.press("Enter");
  await asked(page, SHARED_QUESTION);
  await page.getByRole("textbox", { name: "Votre question" }).fill("Brouillon");
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).toContain("Brouillon");
  await page.getByRole("button", { name: /^Compte de/ }).click();
  await page.getByRole("menuitem", { name: "Se déconnecter" }).click();
  await expect(page.getByLabel("Identifiant")).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toMatch(
    /Brouillon|euros|repas/,
  );
});

test("a drawer holds the list on a phone @phone", async ({ enter, isMobile }) => {
  test.skip(!isMobile, "a wide page has the list beside it");
  const page = await enter(LEA);
  await asked(page, SHARED_QUESTION);
  await page.getByRole("button", { name: /^Afficher les conversations/ }).click();
  const drawer = page.getByRole("dialog", { name: "Conversations" });
  await expect(drawer.locator("[data-row]").first()).toBeVisible();
  await expectAccessible(page, BOTH_THEMES);
  await drawer.getByRole("link", { name: "Nouvelle question" }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("heading", { name: /Que souhaitez-vous savoir/ })).toBeVisible();
});
