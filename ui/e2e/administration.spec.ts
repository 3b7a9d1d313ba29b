import type { Page } from "@playwright/test";
import {
  ADMINISTRATOR,
  ask,
  BOTH_THEMES,
  expect,
  expectAccessible,
  LEA,
  PDF_QUESTION,
  test,
} from "./company";

const PAGES: [string, string, (page: Page) => Promise<unknown>][] = [
  [
    "models",
    "/administration/models",
    async (page) => {
      await page.getByRole("button", { name: "Ajouter un modèle" }).click();
      await page.getByLabel("Adresse", { exact: true }).waitFor();
    },
  ],
  [
    "the chooser",
    "/administration/models",
    async (page) => {
      await page.getByRole("button", { name: "Lequel choisir ?" }).click();
      await page.getByRole("region", { name: "Classement" }).waitFor();
    },
  ],
  [
    "routing",
    "/administration/routing",
    async (page) => page.getByText("Aucune règle ne s’applique").waitFor(),
  ],
  [
    "quotas",
    "/administration/quotas",
    async (page) => {
      await page.getByRole("button", { name: "Fixer un quota" }).click();
      await page.getByLabel("Montant", { exact: true }).waitFor();
    },
  ],
  [
    "usage",
    "/administration/usage",
    async (page) => page.getByRole("heading", { name: "Empreinte par groupe" }).waitFor(),
  ],
  [
    "people",
    "/administration/users",
    async (page) =>
      page
        .getByRole("button", { name: /^Modifier / })
        .first()
        .click(),
  ],
  [
    "groups",
    "/administration/users",
    async (page) => {
      await page.getByRole("button", { name: "Groupes" }).click();
      await page.locator("summary").first().click();
    },
  ],
  [
    "guardrails",
    "/administration/guardrails",
    async (page) => {
      await page.getByLabel("Comment agit : Attaques").selectOption("own");
      await page.getByLabel("Agit à partir de").waitFor();
    },
  ],
  ["the audit", "/administration/audit", async (page) => page.getByRole("listitem").first().waitFor()],
  ["health", "/administration/health", async (page) => page.getByText("Base de données").waitFor()],
  [
    "one’s own usage",
    "/account/usage",
    async (page) => page.getByRole("heading", { name: "Ce qu’il vous reste" }).waitFor(),
  ],
];

test("no page of administrators has a fault that axe can find, and nothing sticks out @phone", async ({
  enter,
}) => {
  test.setTimeout(180_000);
  for (const [name, address, prepare] of PAGES) {
    await test.step(name, async () => {
      const page = await enter(ADMINISTRATOR, address);
      await prepare(page);
      await expectAccessible(page, BOTH_THEMES);
    });
  }
});

test("a reader finds no page of administrators", async ({ enter }) => {
  const page = await enter(LEA, "/administration/models");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Il n’y a rien ici");
  await expect(page.getByRole("button", { name: "Administration" })).toHaveCount(0);
});

test("a model is added and tried, a rule sends secrets to it alone, and the simulator says so", async ({
  enter,
}) => {
  const name = `maison-${Date.now()}`;
  const page = await enter(ADMINISTRATOR, "/administration/models");
  await page.getByRole("button", { name: "Ajouter un modèle" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom", { exact: true }).fill(name);
  await dialog.getByLabel("Sorte de service").selectOption("extractive");
  await dialog.getByLabel("Ce qu’il peut recevoir au plus").selectOption("C3");
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByRole("button", { name: `Essayer ${name}` }).click();
  await expect(page.getByText(/Il répond\s: premier mot après/)).toBeVisible();

  await page.getByRole("button", { name: "Administration" }).click();
  await page.getByRole("menuitem", { name: "Routage" }).click();
  await page.getByRole("button", { name: "Ajouter une règle" }).click();
  await dialog.getByLabel("Nom de la règle").fill(`secrets de ${name}`);
  await dialog.getByLabel(/C3 · secret/).check();
  await dialog.getByLabel("Modèles préférés").selectOption(name);
  await dialog.getByLabel(/Aucun autre n’est interrogé/).check();
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await page.getByLabel("Classe du contenu").selectOption("C3");
  const found = page.getByRole("region", { name: "Ce qui arriverait" });
  await expect(found.getByText(`La règle « secrets de ${name} » décide.`)).toBeVisible();
  await expect(found.getByRole("listitem").first()).toContainText(name);

  await page.getByRole("button", { name: `Actions sur secrets de ${name}` }).click();
  await page.getByRole("menuitem", { name: "Supprimer" }).click();
  await expect(page.getByText(`secrets de ${name}`)).toHaveCount(0);
  await page.goto("/administration/models");
  await page.getByRole("button", { name: `Actions sur ${name}` }).click();
  await page.getByRole("menuitem", { name: "Supprimer" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Supprimer" }).click();
  await expect(page.getByText(name)).toHaveCount(0);
});

test("a quota reached: documents are quoted, and the person is told which and until when", async ({
  enter,
  context,
}) => {
  test.setTimeout(120_000);
  const name = `quota-${Date.now()}`;
  let page = await enter(ADMINISTRATOR, "/administration/models");
  await page.getByRole("button", { name: "Ajouter un modèle" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom", { exact: true }).fill(name);
  await dialog.getByLabel("Sorte de service").selectOption("extractive");
  await dialog.getByLabel("Ce qu’il peut recevoir au plus").selectOption("C3");
  await dialog.getByLabel("État", { exact: true }).selectOption("approved");
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await page.goto("/administration/quotas");
  await page.getByRole("button", { name: "Fixer un quota" }).click();
  await dialog.getByLabel("Qui est compté").selectOption("user");
  await dialog.getByLabel("Personne", { exact: true }).selectOption(LEA);
  await dialog.getByLabel("Montant", { exact: true }).fill("0");
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByText(`0 appel de modèle par jour, pour ${LEA}`)).toBeVisible();
  try {
    await context.clearCookies();
    page = await enter(LEA, "/");
    await ask(page, PDF_QUESTION);
    await expect(page.getByText(/Quota épuisé\s: 0 appel de modèle par jour, pour vous/)).toBeVisible();
    await page.getByRole("link", { name: "Voir ce qu’il vous reste" }).click();
    await expect(page.getByText(/Épuisé jusqu’au/)).toBeVisible();
  } finally {
    await context.clearCookies();
    page = await enter(ADMINISTRATOR, "/administration/quotas");
    await page.getByRole("button", { name: new RegExp(`^Supprimer\\s: 0 appel .*${LEA}`) }).click();
    await expect(page.getByText(`pour ${LEA}`)).toHaveCount(0);
    await page.goto("/administration/models");
    await page.getByRole("button", { name: `Actions sur ${name}` }).click();
    await page.getByRole("menuitem", { name: "Supprimer" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Supprimer" }).click();
  }
});

test("an administrator gives a role, and nobody their own", async ({ enter }) => {
  const page = await enter(ADMINISTRATOR, "/administration/users");
  await page.getByLabel("Chercher une personne").fill("lea font");
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: /^Modifier / }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("documentaliste").check();
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("listitem")).toContainText("lecteur, documentaliste");
  await page.getByRole("button", { name: /^Modifier / }).click();
  await dialog.getByLabel("documentaliste").uncheck();
  await dialog.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("listitem")).not.toContainText("documentaliste");
  await page.getByLabel("Chercher une personne").fill(ADMINISTRATOR);
  await expect(page.getByRole("listitem")).toContainText("vous");
  await expect(page.getByRole("button", { name: /^Modifier / })).toHaveCount(0);
});

test("a guardrail policy is put in force, and undone", async ({ enter }) => {
  const page = await enter(ADMINISTRATOR, "/administration/guardrails");
  await page.getByLabel("Pour quel assistant").selectOption("Un autre…");
  await page.getByLabel("Nom de l’assistant").fill(`essai-${Date.now()}`);
  for (const [place, words] of ["l’accueil", "le support"].entries()) {
    await page.getByLabel("Passer la main à").fill(words);
    await page.getByRole("button", { name: "Mettre en vigueur", exact: true }).click();
    await expect(page.getByText(`La version ${place + 1} est en vigueur.`)).toBeVisible();
  }
  await expect(page.getByRole("deletion").filter({ hasText: "l’accueil" })).toBeVisible();
  await page.getByRole("button", { name: "Remettre la version 1 en vigueur" }).click();
  await expect(page.getByText("La version 3 est en vigueur.")).toBeVisible();
  await expect(page.getByLabel("Passer la main à")).toHaveValue("l’accueil");
});

test("the audit is looked through, and its chain is intact", async ({ enter }) => {
  const page = await enter(ADMINISTRATOR, "/administration/audit");
  await page.getByLabel("Action", { exact: true }).selectOption("sign_in");
  await expect(page.getByRole("listitem").first()).toContainText("Connexion");
  await page.getByRole("button", { name: "Vérifier la chaîne" }).click();
  await expect(page.getByText(/^Intacte\s: [\d\s]+ entrées vérifiées/)).toBeVisible({ timeout: 30_000 });
});
