// Runs before the first paint, in a file of its own because the page forbids inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("centaure.theme");
  } catch {
    // Storage is closed to this page: follow the system.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
