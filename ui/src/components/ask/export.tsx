import { useMutation } from "@tanstack/react-query";
import { FileDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { exportConversation, FORMATS, type Format } from "@/api/conversations/queries";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

/** The conversation as a file, with its sources and its class. */
export function ExportDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation();
  const fetched = useMutation({
    mutationFn: (format: Format) => exportConversation(id, format),
    onSuccess: ({ name, file }) => {
      save(name, file);
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={t("export.title")} description={t("export.lead")}>
      <ul className="grid gap-2">
        {FORMATS.map((format) => (
          <li key={format}>
            <Button
              className="w-full justify-start"
              disabled={fetched.isPending}
              onClick={() => fetched.mutate(format)}
            >
              <FileDown aria-hidden="true" />
              {t(`export.formats.${format}`)}
            </Button>
          </li>
        ))}
      </ul>
      <p role="status" className="mt-3 min-h-5 text-sm text-ink-soft">
        {fetched.isPending && t("export.making")}
      </p>
      {fetched.isError && <ProblemNotice error={fetched.error} />}
    </Dialog>
  );
}

/** Hands a file to the person; the page keeps nothing of it. */
function save(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
