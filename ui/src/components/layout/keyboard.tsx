import { lazy, Suspense, useCallback, useState } from "react";
import { loadPart } from "@/i18n/parts";
import { useShortcut } from "@/shared/shortcuts";

const KeySheet = lazy(async () => {
  await loadPart("help");
  return import("../help/key-sheet");
});

/** Opens the list of shortcuts from any page. */
export function Keyboard() {
  const [open, setOpen] = useState(false);
  useShortcut(
    "?",
    useCallback(() => setOpen(true), []),
  );
  return <Suspense fallback={null}>{open && <KeySheet onClose={() => setOpen(false)} />}</Suspense>;
}
