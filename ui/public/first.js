// Runs before the first paint, in a file of its own because the page forbids inline scripts.
(() => {
  // What this page needs besides what all need (vite.parts.ts), fetched at once.
  const { files = [], pages = {} } = JSON.parse(document.currentScript.dataset.parts ?? "{}");
  const here = location.pathname.replace(/(.)\/$/, "$1").split("/");
  const fits = (address) => {
    const parts = address.split("/");
    return (
      parts.length === here.length && parts.every((part, place) => part[0] === "$" || part === here[place])
    );
  };
  const address = pages[location.pathname] ? location.pathname : Object.keys(pages).find(fits);
  for (const place of pages[address] ?? []) {
    document.head.append(
      Object.assign(document.createElement("link"), {
        rel: "modulepreload",
        crossOrigin: "",
        href: `/${files[place]}`,
      }),
    );
  }

  let choice = null;
  try {
    choice = localStorage.getItem("centaure.theme");
  } catch {
    // Storage is closed to this page: follow the system.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  // Who is signed in is asked while the interface is on its way; src/api/session takes the answer.
  window.centaureSession = fetch("/api/v1/session", { credentials: "same-origin" }).catch(() => undefined);
})();
