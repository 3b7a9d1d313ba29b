// Runs before the first paint, in a file of its own because the page forbids inline scripts.
(() => {
  const stored = (name) => {
    try {
      return localStorage.getItem(`centaure.${name}`);
    } catch {
      // Storage is closed to this page: follow the browser.
      return null;
    }
  };
  const root = document.documentElement;

  const theme = stored("theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  // Pages before anybody is signed in have no frame.
  if (/^\/(sign-in|setup)\b/.test(location.pathname)) root.dataset.bare = "";

  // Who is signed in is asked while the interface is on its way; src/api/session takes the answer.
  window.centaureSession = fetch("/api/v1/session", { credentials: "same-origin" }).catch(() => undefined);

  // What this page needs besides what all need, fetched at once: the build left the list here (vite.parts.ts).
  const { files = [], pages = {}, languages = {} } = JSON.parse(document.currentScript.dataset.parts ?? "{}");
  const wanted = [stored("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  root.lang = wanted.find((code) => Object.hasOwn(languages, code)) ?? "en";
  const here = location.pathname.replace(/(.)\/$/, "$1").split("/");
  const fits = (address) => {
    const parts = address.split("/");
    return (
      parts.length === here.length && parts.every((part, place) => part[0] === "$" || part === here[place])
    );
  };
  const address = here.join("/") in pages ? here.join("/") : Object.keys(pages).find(fits);
  for (const place of [languages[root.lang], ...(pages[address] ?? [])]) {
    if (place === undefined) continue;
    const link = document.createElement("link");
    document.head.append(
      Object.assign(link, { rel: "modulepreload", crossOrigin: "", href: `/${files[place]}` }),
    );
  }
})();
