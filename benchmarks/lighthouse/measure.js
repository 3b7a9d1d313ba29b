/**
 * How fast and how accessible pages are, by Lighthouse on this machine's own browser; asks nobody outside.
 *
 * CENTAURE_URL is the address of a server, CENTAURE_DEMO_ACCOUNTS passwords by login; arguments are addresses of pages.
 * Ends with 1 where a page has less than 90 for performance or 100 for accessibility.
 */
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const ADDRESS = process.env.CENTAURE_URL ?? "http://127.0.0.1:8600";
const ACCOUNTS = JSON.parse(process.env.CENTAURE_DEMO_ACCOUNTS ?? "{}");
const LOGIN = process.env.CENTAURE_LOGIN ?? "lea.fontanier";
const PAGES = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ["/", "/search?q=télétravail", "/assistants"];
const WANTED = { performance: 0.9, accessibility: 1 };
const RUNS = Number(process.env.CENTAURE_LIGHTHOUSE_RUNS ?? 3);

async function signIn() {
  const answer = await fetch(`${ADDRESS}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: LOGIN, password: ACCOUNTS[LOGIN] }),
  });
  if (!answer.ok) throw new Error(`${LOGIN} cannot sign in: ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function visit(page, form, port, cookie) {
  const { lhr } = await lighthouse(
    ADDRESS + page,
    {
      port,
      logLevel: "silent",
      onlyCategories: Object.keys(WANTED),
      extraHeaders: { Cookie: cookie, "Accept-Language": "fr" },
    },
    form === "desktop" ? desktopConfig : undefined,
  );
  return lhr;
}

async function measure(page, form, port, cookie) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    let lhr = await visit(page, form, port, cookie);
    // A browser that has just started can lose the beginning of its record; Lighthouse asks for another run.
    if (lhr.runtimeError?.code === "NO_NAVSTART") lhr = await visit(page, form, port, cookie);
    if (lhr.runtimeError) throw new Error(`${page}: ${lhr.runtimeError.message}`);
    if (!lhr.finalDisplayedUrl.startsWith(ADDRESS) || lhr.finalDisplayedUrl.includes("sign-in"))
      throw new Error(`${page} led to ${lhr.finalDisplayedUrl}`);
    runs.push(lhr);
  }
  const score = (name) => median(runs.map(({ categories }) => categories[name].score));
  const figure = (name) => median(runs.map(({ audits }) => audits[name].numericValue));
  const faults = Object.values(runs[0].audits)
    .filter(({ id, score: got }) => {
      const counted = runs[0].categories.accessibility.auditRefs.some((ref) => ref.id === id && ref.weight > 0);
      return counted && got !== null && got < 1;
    })
    .map(({ id }) => id);
  return {
    page,
    form,
    performance: score("performance"),
    accessibility: score("accessibility"),
    fcp: figure("first-contentful-paint"),
    lcp: figure("largest-contentful-paint"),
    tbt: figure("total-blocking-time"),
    cls: figure("cumulative-layout-shift"),
    faults,
  };
}

const cookie = await signIn();
const chrome = await chromeLauncher.launch({
  chromePath: process.env.CENTAURE_CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
let short = false;
try {
  console.log("| page | as | performance | accessibility | first paint ms | largest paint ms | blocked ms | shift |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const page of PAGES) {
    for (const form of ["phone", "desktop"]) {
      const found = await measure(page, form, chrome.port, cookie);
      const told = [
        page,
        form,
        Math.round(found.performance * 100),
        Math.round(found.accessibility * 100),
        Math.round(found.fcp),
        Math.round(found.lcp),
        Math.round(found.tbt),
        found.cls.toFixed(3),
      ];
      console.log(`| ${told.join(" | ")} |${found.faults.length > 0 ? ` ${found.faults.join(", ")}` : ""}`);
      short ||= found.performance < WANTED.performance || found.accessibility < WANTED.accessibility;
    }
  }
} finally {
  chrome.kill();
}
process.exitCode = short ? 1 : 0;
