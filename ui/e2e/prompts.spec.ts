import { asAdministrator } from "./administrator";
import { expect, expectAccessible, LEA, test } from "./company";

const NAMES = ["gimel", "daleth"].map((name) => `${name}-${Date.now()}`);
const PROMPT = `Réponse ${Date.now()}`;

test.describe("a prompt", () => {
  let models: number[] = [];

  test.beforeAll(async ({ browser }, { project }) => {
    models = await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      const added: number[] = [];
      for (const name of NAMES) {
        const body = { name, kind: "extractive", price_in: 1, price_out: 3 };
        added.push((await act<{ id: number }>("post", "/models", body)).id);
      }
      return added;
    });
  });

  test.afterAll(async ({ browser }, { project }) => {
    await asAdministrator(browser, project.use.baseURL ?? "", async (act) => {
      for (const id of models) await act("delete", `/models/${id}`);
    });
  });

  test("comes from an intention, is tried on two models, scored, changed and taken back @phone", async ({
    enter,
  }) => {
    test.setTimeout(120_000);
    const page = await enter(LEA, "/prompts/new");
    await page.getByLabel("Que voulez-vous obtenir ?").fill("répondre à un client mécontent de sa livraison");
    await page.getByRole("button", { name: "Proposer un prompt" }).press("Enter");
    const text = page.getByLabel("Le prompt", { exact: true });
    await expect(text).toHaveValue(/\{\{message_recu\}\}/);
    await page.getByLabel("Nom", { exact: true }).fill(PROMPT);
    await page.getByLabel("Étiquettes").fill("courriel");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Garder ce prompt" }).press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: PROMPT })).toBeVisible();

    await expect(async () => {
      await page.reload();
      for (const name of NAMES) await page.getByLabel(name).check({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await page.getByLabel("message_recu").fill("Ma pompe est arrivée cassée.");
    await page.getByRole("button", { name: "Essayer" }).press("Enter");
    await expect(page.getByText("2 réponses sur 2.")).toBeVisible({ timeout: 30_000 });
    for (const name of NAMES) {
      const answer = page.getByRole("article").filter({ hasText: name });
      await expect(answer).toContainText("jetons lus");
    }
    await expectAccessible(page);
    await page.getByRole("button", { name: `4 sur 5 pour ${NAMES[0]}` }).click();
    await expect(page.getByText(`4 sur 5 avec ${NAMES[0]} (1 note)`)).toBeVisible();

    await text.fill("Sois bref : {{message_recu}}");
    await page.getByRole("button", { name: "Enregistrer la version 2" }).click();
    await page.getByRole("button", { name: "Comparer la version 1 à la dernière" }).click();
    await expect(page.getByRole("dialog")).toContainText("Sois bref");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Revenir à la version 1" }).click();
    await expect(text).toHaveValue(/# Ton rôle/);
    await page.goto("/prompts");
    await expect(page.getByRole("link", { name: PROMPT })).toBeVisible();
    await expectAccessible(page);
  });
});
