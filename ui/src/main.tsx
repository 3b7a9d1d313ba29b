import "./styles.css";
import "./shared/theme";
import "./i18n";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { queryClient, router } from "./router";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root to draw in.");

// Drawn once, when all is there, in place of the frame that index.html holds. No await here: the parts of the page import
// this file, and would wait for its end.
void router.load().finally(() => {
  // On a page that asks nobody who they are the answer is let go: unread, it would keep its connection.
  void window.centaureSession?.then((answer) => answer?.body?.cancel());
  delete window.centaureSession;
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </StrictMode>,
    ),
  );
});
