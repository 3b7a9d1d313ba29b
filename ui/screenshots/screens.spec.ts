import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { ADMINISTRATOR, CURATOR, LEA, PDF_QUESTION, test, UNANSWERABLE } from "../e2e/company";
import { managedBy, PLACES } from "../src/components/layout/places";

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
  { name: "not-found", who: LEA, address: "/", prepare: asked(UNANSWERABLE) },
  {
    name: "results",
    who: LEA,
    address: "/search?q=télétravail",
    prepare: (page) => page.locator("[data-hit]").first().waitFor(),
  },
  { name: "ledger", who: CURATOR, address: "/sources/1" },
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
  ...managedBy(["curator"]).map(({ to }) => ({ name: to.slice(1), who: CURATOR, address: to })),
  ...managedBy(["administrator"]).map(({ to }) => ({ name: to.slice(1), who: ADMINISTRATOR, address: to })),
];

for (const { name, who, address, prepare } of SCREENS) {
  test(name, async ({ enter }, { project }) => {
    const page = await enter(who, address);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    await prepare?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
    const folder = join(FOLDER, project.name);
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name.replaceAll("/", "-")}.png`) });
  });
}

test("setup", async ({ enter, browser, baseURL }, { project }) => {
  const page = await enter(ADMINISTRATOR, "/search");
  const session = await (await page.request.get("/api/v1/session")).json();
  const made = await page.request.post("/api/v1/users", {
    headers: { "x-csrf-token": session.csrf_token },
    data: { login: `screen.${Date.now()}`, name: "Camille Vidal", roles: ["reader"] },
  });
  const { invitation } = await made.json();
  const { viewport, colorScheme, locale, deviceScaleFactor, isMobile } = project.use;
  const context = await browser.newContext({
    ...(baseURL && { baseURL }),
    ...(viewport !== undefined && { viewport }),
    ...(colorScheme !== undefined && { colorScheme }),
    ...(locale !== undefined && { locale }),
    ...(deviceScaleFactor !== undefined && { deviceScaleFactor }),
    ...(isMobile !== undefined && { isMobile }),
  });
  const fresh = await context.newPage();
  const { pathname, search } = new URL(invitation.link);
  await fresh.goto(pathname + search);
  await fresh.locator("input[name=password]").waitFor();
  await fresh.waitForLoadState("networkidle");
  const folder = join(FOLDER, project.name);
  mkdirSync(folder, { recursive: true });
  await fresh.screenshot({ path: join(folder, "setup.png") });
  await context.close();
});
