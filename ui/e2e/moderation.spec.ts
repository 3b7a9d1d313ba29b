import { asAdministrator } from "./administrator";
import {
  ADMINISTRATOR,
  ask,
  COMMITTING,
  CONTRACTOR,
  CURATOR,
  expect,
  expectAccessible,
  LEA,
  test,
} from "./company";

const MODEL = `simulated-${Date.now()}`;
const REASON = "Le poste est affiché dans l’atelier.";

test.describe("an answer that a person has to read first", () => {
  test.describe.configure({ mode: "serial" });
  let before: { rules: unknown; policy: unknown; model: number };

  test.beforeAll(async ({ browser }, { project }) => {
    const base = project.use.baseURL ?? "";
    before = await asAdministrator(browser, base, async (act) => {
      const rules = await act("get", "/models/rules");
      const policies = await act<{ assistant: string; policy: unknown }[]>("get", "/guardrails/policies");
      const policy = policies.find(({ assistant }) => assistant === "")?.policy ?? {};
      const { id } = await act<{ id: number }>("post", "/models", { name: MODEL, kind: "extractive" });
      await act("put", "/models/rules", [{ name: "journey", purposes: ["answer"], models: [MODEL] }]);
      await act("put", "/guardrails/policies", {
        checks: { commitment: { at: 0.1, action: "moderate" } },
      });
      return { rules, policy, model: id };
    });
  });

  test.afterAll(async ({ browser }, { project }) => {
    await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      await act("put", "/guardrails/policies", before.policy);
      await act("put", "/models/rules", before.rules);
      await act("delete", `/models/${before.model}`);
    });
  });

  test("waits, is released with a reason, and is read where it was asked @phone", async ({
    enter,
    page,
    context,
  }) => {
    test.setTimeout(180_000);
    await enter(CONTRACTOR);
    // What the process knows of models and policies is a moment old at most.
    await expect(async () => {
      await page.goto("/");
      await ask(page, COMMITTING);
      await expect(page.getByRole("button", { name: "Refaire", exact: true })).toBeVisible({
        timeout: 30_000,
      });
      await expect(page.getByRole("heading", { name: "En attente de relecture" })).toBeVisible();
    }).toPass({ timeout: 90_000, intervals: [3_000] });
    await expect(page.getByRole("article")).not.toContainText("4018");
    await expectAccessible(page);
    await page.getByRole("link", { name: "Voir tout ce qui attend" }).click();
    const own = page.getByRole("main").getByRole("listitem").first();
    await expect(own).toContainText("En attente");
    await expectAccessible(page);

    await context.clearCookies();
    await enter(ADMINISTRATOR, "/moderation");
    const entry = page.getByRole("main").getByRole("listitem").filter({ hasText: "Oscar Delmas" });
    await expect(entry).toContainText("une promesse sur un contrat");
    await expect(entry).not.toContainText("4018");
    await entry.getByRole("button", { name: /^Lire le contenu : Réponse, Oscar Delmas/ }).press("Enter");
    await expect(entry.getByLabel("Pourquoi le lisez-vous ?")).toBeFocused();
    await page.keyboard.type("Pour décider");
    await entry.getByRole("button", { name: "Lire le contenu" }).press("Enter");
    await expect(entry).toContainText("poste 4018");
    await expect(entry).toContainText(COMMITTING);
    await expectAccessible(page);
    await entry.getByLabel("Motif de votre décision").fill(REASON);
    await entry.getByRole("button", { name: "Libérer" }).press("Enter");
    await expect(page.getByRole("status")).toHaveText(/C’est libéré/);
    await expect(page.getByRole("status")).toBeFocused();
    await expect(entry).toHaveCount(0);
    await page.getByRole("button", { name: "Libérés" }).click();
    const decided = page.getByRole("main").getByRole("listitem").filter({ hasText: REASON }).first();
    await expect(decided).toContainText("par Sylvie Arnoult");
    await expectAccessible(page);

    await context.clearCookies();
    await enter(CONTRACTOR, "/account/held");
    await expect(own).toContainText(REASON);
    await own.getByRole("button", { name: "Afficher" }).press("Enter");
    await expect(own).toContainText("poste 4018");
    await expectAccessible(page);
  });

  test("is decided on once: who comes second is told so", async ({
    enter,
    page,
    context,
    browser,
    baseURL,
  }) => {
    await enter(CONTRACTOR);
    await ask(page, COMMITTING);
    await expect(page.getByRole("heading", { name: "En attente de relecture" })).toBeVisible();
    await context.clearCookies();
    await enter(ADMINISTRATOR, "/moderation");
    const entry = page.getByRole("main").getByRole("listitem").filter({ hasText: "Oscar Delmas" });
    await entry.getByRole("button", { name: /^Lire le contenu/ }).click();
    await entry.getByLabel("Pourquoi le lisez-vous ?").fill("Pour décider");
    await entry.getByRole("button", { name: "Lire le contenu" }).click();
    await entry.getByLabel("Motif de votre décision").fill(REASON);
    await asAdministrator(browser, baseURL ?? "", async (act) => {
      const [first] = await act<{ id: number }[]>("get", "/guardrails/queue");
      await act("post", `/guardrails/queue/${first?.id}/decision`, { decision: "refused", reason: "Non." });
    });
    await entry.getByRole("button", { name: "Libérer" }).click();
    await expect(entry.getByRole("alert")).toContainText("Quelqu’un a décidé avant vous");
    await entry.getByRole("button", { name: "Revoir la file" }).click();
    await expect(page.getByText("Rien ne vous attend")).toBeVisible();
    await expectAccessible(page);
  });
});

test("a curator approves an answer, which a question then gets, reviews it and ends it @phone", async ({
  enter,
  page,
}) => {
  const question = `Qui range le local ${Date.now()} ?`;
  const answer = "L’équipe du matin range ce local.";
  await enter(CURATOR, "/approved-answers");
  await page.getByRole("button", { name: "Approuver une réponse" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Question", { exact: true }).fill(question);
  await dialog.getByLabel("Réponse", { exact: true }).fill(answer);
  await dialog.getByLabel("Certains seulement").check();
  await dialog.getByLabel("Contrôle de gestion").check();
  await dialog.getByRole("button", { name: "Approuver une réponse" }).click();
  await expect(page.getByRole("status")).toHaveText("La réponse est approuvée.");
  const entry = page.getByRole("main").getByRole("listitem").filter({ hasText: question });
  await expect(entry).toContainText("Pour Contrôle de gestion");
  await expectAccessible(page);
  await entry.getByRole("button", { name: `Revoir : ${question}` }).press("Enter");
  await dialog.getByRole("button", { name: "Elle est toujours juste" }).press("Enter");
  await expect(page.getByRole("status")).toContainText("présentée de nouveau");
  await page.goto("/");
  await ask(page, question);
  await expect(page.getByRole("article")).toContainText(answer);
  await page.goto("/approved-answers");
  await entry.getByRole("button", { name: `Mettre fin : ${question}` }).click();
  await dialog.getByRole("button", { name: "Mettre fin" }).click();
  await expect(entry).toContainText(/Donnée du .* au /);
});

test("a page that is not for one’s role is not there", async ({ enter, page, context }) => {
  for (const [login, address] of [
    [LEA, "/moderation"],
    [LEA, "/approved-answers"],
    [CURATOR, "/moderation"],
    [ADMINISTRATOR, "/approved-answers"],
  ] as const) {
    await context.clearCookies();
    await enter(login, address);
    await expect(page.getByRole("heading", { level: 1, name: "Il n’y a rien ici" })).toBeVisible();
  }
  await page.goto("/");
  await page.getByRole("navigation").getByRole("button", { name: "Gérer" }).click();
  await expect(page.getByRole("menuitem", { name: "Modération" })).toBeVisible();
});
