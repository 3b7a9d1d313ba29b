import { useLocation, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMedia } from "@/shared/media";
import { Button } from "../ui/button";
import { DocumentView } from "./view";

interface Props {
  document: number;
  passage: number | undefined;
}

const TITLE = "document-title";

/** A document beside the page on a wide screen, over it on a narrow one. Esc closes both. */
export function DocumentPanel({ document: id, passage }: Props) {
  const { t } = useTranslation();
  const wide = useMedia("(min-width: 64rem)");
  const navigate = useNavigate();
  const quote = useLocation({ select: (location) => location.state.quote });
  const opener = useRef<Element | null>(null);
  // Before the panel takes the focus: whoever opened it gets it back, wherever the reader went inside it since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening has its own opener.
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (active?.closest("[data-document-panel]") === null) opener.current = active;
  }, [id, passage]);
  const close = useCallback(async () => {
    const from = opener.current;
    await navigate({
      to: ".",
      search: ({ document: _, passage: __, ...rest }: Record<string, unknown>) => rest as never,
    });
    if (from instanceof HTMLElement && from.isConnected) from.focus();
  }, [navigate]);
  const view = (
    <DocumentView
      key={`${id}/${passage}`}
      id={id}
      passage={passage}
      quote={quote}
      titleId={TITLE}
      close={
        <Button look="quiet" size="icon" aria-label={t("document.close")} onClick={() => void close()}>
          <X aria-hidden="true" />
        </Button>
      }
    />
  );
  if (wide) {
    return (
      <Aside opening={`${id}/${passage}`} onClose={close}>
        {view}
      </Aside>
    );
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && void close()}>
      <Dialog.Portal>
        <Dialog.Content
          data-document-panel=""
          aria-describedby={undefined}
          aria-labelledby={TITLE}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="fixed inset-0 z-30 flex animate-slide flex-col bg-paper outline-none"
        >
          <Dialog.Title className="sr-only">{t("document.label")}</Dialog.Title>
          {view}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface AsideProps {
  opening: string;
  onClose: () => Promise<void>;
  children: ReactNode;
}

function Aside({ opening, onClose, children }: AsideProps) {
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening takes the focus.
  useEffect(() => panel.current?.focus({ preventScroll: true }), [opening]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // A menu that is open takes the key for itself.
      if (event.key === "Escape" && !event.defaultPrevented) void onClose();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [onClose]);
  return (
    <aside
      ref={panel}
      data-document-panel=""
      tabIndex={-1}
      aria-labelledby={TITLE}
      className="flex w-[clamp(27rem,42vw,64rem)] shrink-0 animate-slide flex-col border-l bg-surface outline-none"
    >
      {children}
    </aside>
  );
}
