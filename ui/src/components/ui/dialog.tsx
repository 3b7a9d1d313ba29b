import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "@/shared/classes";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** For long forms. */
  wide?: boolean;
  children: ReactNode;
}

/** A small modal. The shade is our own: the library's would inject a style that the page forbids. */
export function Dialog({ open, onClose, title, description, wide = false, children }: Props) {
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 bg-shade" aria-hidden="true" />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className={classes(
            "fixed inset-x-4 z-50 mx-auto animate-rise overflow-y-auto rounded-2xl border bg-surface p-6 shadow-lift",
            wide ? "top-[6vh] max-h-[88vh] max-w-2xl" : "top-[12vh] max-h-[80vh] max-w-lg",
          )}
        >
          <Primitive.Title className="font-serif text-2xl leading-snug font-medium">{title}</Primitive.Title>
          {description && (
            <Primitive.Description className="mt-2 text-ink-soft">{description}</Primitive.Description>
          )}
          <div className="mt-5">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
