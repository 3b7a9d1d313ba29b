import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantKeys, removeAssistant } from "@/api/assistants/queries";
import type { Assistant } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

/** Removes an assistant, once that was confirmed. */
export function RemoveDialog({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeAssistant(assistant.key),
    onSuccess: async () => {
      await navigate({ to: "/assistants" });
      cache.removeQueries({ queryKey: assistantKeys.one(assistant.key) });
      await cache.invalidateQueries({ queryKey: assistantKeys.all });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("assistants.removeTitle", { name: assistant.name })}
      description={t("assistants.removeLead")}
    >
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("actions.cancel")}</Button>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t("assistants.remove")}
        </Button>
      </div>
    </Dialog>
  );
}
