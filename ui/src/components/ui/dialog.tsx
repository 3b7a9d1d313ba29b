import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  children: ReactNode;
}

/** A small modal. The shade is our own: the library's would inject a style that the page forbids. */
export function Dialog({ open, onClose, title, description, children }: Props) {
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 bg-shade" aria-hidden="true" />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className="fixed inset-x-4 top-[12vh] z-50 mx-auto max-h-[80vh] max-w-lg animate-rise overflow-y-auto rounded-2xl border bg-surface p-6 shadow-lift"
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
