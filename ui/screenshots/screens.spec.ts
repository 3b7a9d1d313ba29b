import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { asAdministrator } from "../e2e/administrator";
import {
  ADMINISTRATOR,
  COMMITTING,
  CONTRACTOR,
  CURATOR,
  LEA,
  PDF_QUESTION,
  test,
  UNANSWERABLE,
} from "../e2e/company";
import { administeredBy, managedBy, PLACES } from "../src/components/layout/places";

const FOLDER = process.env.CENTAURE_SCREENSHOTS ?? "test-results/screenshots";

interface Screen {
  name: string;
  /** Who looks; null: nobody is signed in. */
  who: string | null;
  address: string;
  /** What is done there first; nothing in it depends on the language. */
  prepare?: (page: Page) => Promise<void>;
}

const asked = (question: string) => async (page: Page) => {
  await page.locator("main textarea").first().fill(question);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\//);
  await page.locator("main form button[type=submit]").first().waitFor();
  await page.waitForTimeout(1500);
};

const SCREENS: Screen[] = [
  { name: "sign-in", who: null, address: "/sign-in" },
  { name: "answer", who: LEA, address: "/", prepare: asked(PDF_QUESTION) },
  {
    name: "source",
    who: LEA,
    address: "/",
    prepare: async (page) => {
      await asked(PDF_QUESTION)(page);
      await page.locator("main a[href*='document=']").first().click();
      await page.locator("[data-document-panel] img, [role=dialog] img").first().waitFor();
    },
  },
  {
    name: "not-found",
    who: LEA,
    address: "/",
    prepare: async (page) => {
      await asked(UNANSWERABLE)(page);
      await page.getByRole("button", { name: /^(Le signaler|Report it)$/ }).click();
    },
  },
  {
    name: "reported",
    who: LEA,
    address: "/",
    prepare: async (page) => {
      await asked(UNANSWERABLE)(page);
      await page.getByRole("button", { name: /^(Le signaler|Report it)$/ }).click();
      await page.getByRole("button", { name: /^(Envoyer ma question|Send my question)$/ }).click();
      await page.getByRole("button", { name: /^(La retirer|Take it back)$/ }).waitFor();
    },
  },
  {
    name: "results",
    who: LEA,
    address: "/search?q=télétravail",
    prepare: (page) => page.locator("[data-hit]").first().waitFor(),
  },
  {
    name: "about-documents",
    who: LEA,
    address: "/search?q=télétravail",
    prepare: async (page) => {
      await page.locator("[data-hit]").first().waitFor();
      await page.locator("article label input[type=checkbox], li label input[type=checkbox]").first().check();
    },
  },
  { name: "ledger", who: CURATOR, address: "/sources/1" },
  { name: "file", who: CURATOR, address: "/sources/1/file?path=commun/livret-accueil-2026.pdf" },
  { name: "usage", who: LEA, address: "/account/usage" },
  { name: "assistant-new", who: LEA, address: "/assistants/new" },
  {
    name: "assistant",
    who: LEA,
    address: "/assistants",
    prepare: async (page) => {
      await page.locator("main a[href*='/assistants/']:not([href$='/new'])").first().click();
      await page.waitForURL(/\/assistants\/./);
      await page.locator("main form").first().waitFor();
    },
  },
  { name: "prompt-new", who: LEA, address: "/prompts/new" },
  { name: "ranking", who: LEA, address: "/compare/ranking" },
  { name: "access", who: CURATOR, address: "/account/access" },
  { name: "held", who: LEA, address: "/account/held" },
  { name: "keys", who: LEA, address: "/account/keys" },
  {
    name: "account-menu",
    who: ADMINISTRATOR,
    address: "/search",
    prepare: async (page) => {
      await page.locator("header button[aria-haspopup=menu]").last().click();
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "start-model",
    who: ADMINISTRATOR,
    address: "/start",
    prepare: (page) => page.getByRole("radio").last().check(),
  },
  {
    name: "start-folder",
    who: ADMINISTRATOR,
    address: "/start?step=folder",
    prepare: async (page) => {
      await page.getByRole("radio").nth(1).check();
      await page.getByRole("radio", { name: /./ }).nth(2).check();
    },
  },
  { name: "start-question", who: ADMINISTRATOR, address: "/start?step=question" },
  { name: "help", who: LEA, address: "/help" },
  {
    name: "course",
    who: LEA,
    address: "/help?course=check",
    prepare: (page) => page.getByRole("radio").first().check(),
  },
  {
    name: "game",
    who: LEA,
    address: "/help?part=game",
    prepare: async (page) => {
      const box = page.locator("main form input").first();
      await box.fill("?");
      await page.keyboard.press("Enter");
      await page.locator("main ol li").first().waitFor();
    },
  },
  { name: "about-ai", who: LEA, address: "/help?part=ai" },
  { name: "keyboard", who: LEA, address: "/help?part=keys" },
  {
    name: "key-sheet",
    who: LEA,
    address: "/account/keys",
    prepare: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "nowhere", who: LEA, address: "/nowhere" },
  // Places of the navigation come by themselves, whoever adds one.
  ...PLACES.map(({ to }) => ({ name: to === "/" ? "ask" : to.slice(1), who: LEA, address: to })),
  ...managedBy(["reader"]).map(({ to }) => ({ name: to.slice(1), who: LEA, address: to })),
  ...managedBy(["curator"]).map(({ to }) => ({ name: to.slice(1), who: CURATOR, address: to })),
  ...managedBy(["administrator"]).map(({ to }) => ({ name: to.slice(1), who: ADMINISTRATOR, address: to })),
  ...administeredBy(["administrator", "auditor"]).map(({ to }) => ({
    name: to.slice(1),
    who: ADMINISTRATOR,
    address: to,
  })),
];

/** Pictures of what a page shows now, light and dark. */
async function photograph(page: Page, name: string, project: string): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme="${theme}"]`).waitFor({ state: "attached" });
    await page.evaluate(() => document.fonts.ready);
    // Colours begin to change with the next frame; the picture is of where they end.
    await page.evaluate(
      () => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))),
    );
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
    const folder = join(FOLDER, `${project}-${theme}`);
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name.replaceAll("/", "-")}.png`), animations: "disabled" });
  }
}

for (const { name, who, address, prepare } of SCREENS) {
  test(name, async ({ enter }, { project }) => {
    const page = await enter(who, address);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    await prepare?.(page);
    await photograph(page, name, project.name);
  });
}

test("comparison", async ({ enter, browser }, { project }) => {
  const at = project.use.baseURL ?? "";
  const names = ["Aleph", "Beth"].map((name) => `${name} ${project.name}`);
  const models = await asAdministrator(browser, at, async (act) => {
    const added: number[] = [];
    for (const name of names)
      added.push(
        (
          await act<{ id: number }>("post", "/models", {
            name,
            kind: "extractive",
            price_in: 1,
            price_out: 3,
          })
        ).id,
      );
    return added;
  });
  try {
    const page = await enter(CONTRACTOR, "/compare");
    await page.locator("main select").nth(1).waitFor();
    for (const [place, name] of names.entries())
      await page.locator("main select").nth(place).selectOption({ label: name });
    await page.locator("main textarea").first().fill(COMMITTING);
    await page.locator("main form button[type=submit]").first().click();
    await page.getByRole("radio").first().waitFor({ timeout: 60_000 });
    await photograph(page, "comparison", project.name);
  } finally {
    await asAdministrator(browser, at, async (act) => {
      for (const id of models) await act("delete", `/models/${id}`);
    });
  }
});

test("setup", async ({ enter, browser, baseURL }, { project }) => {
  const page = await enter(ADMINISTRATOR, "/search");
  const session = await (await page.request.get("/api/v1/session")).json();
  const made = await page.request.post("/api/v1/users", {
    headers: { "x-csrf-token": session.csrf_token },
    data: { login: `screen.${Date.now()}`, name: "Camille Vidal", roles: ["reader"] },
  });
  const { invitation } = await made.json();
  const { viewport, locale, deviceScaleFactor, isMobile } = project.use;
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    ...(viewport !== undefined && { viewport }),
    ...(locale !== undefined && { locale }),
    ...(deviceScaleFactor !== undefined && { deviceScaleFactor }),
    ...(isMobile !== undefined && { isMobile }),
  });
  const fresh = await context.newPage();
  const { pathname, search } = new URL(invitation.link);
  await fresh.goto(pathname + search);
  await fresh.locator("input[name=password]").waitFor();
  await fresh.waitForLoadState("networkidle");
  await photograph(fresh, "setup", project.name);
  await context.close();
});
