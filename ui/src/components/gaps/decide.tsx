import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { decideGap, gapKeys } from "@/api/gaps/queries";
import type { Gap, GapState } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";

interface Props {
  gap: Gap;
  name: string;
  state: GapState;
  onClose: () => void;
  onDecided: () => void;
}

/** Says what is made of a group, with a note for other curators. */
export function DecideGap({ gap, name, state, onClose, onDecided }: Props) {
  const { t } = useTranslation();
  const [note, setNote] = useState(gap.note);
  const queryClient = useQueryClient();
  const decide = useMutation({
    mutationFn: () => decideGap(gap, state, note),
    onSuccess: onDecided,
  });
  const close = () => {
    // Somebody else was faster, perhaps.
    if (decide.isError) void queryClient.invalidateQueries({ queryKey: gapKeys.all });
    onClose();
  };
  const needed = state === "requested";
  return (
    <Dialog
      open
      onClose={close}
      title={t(`gaps.actionsOf.${state}`, { name })}
      description={t(`gaps.advice.${state}`)}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate();
        }}
      >
        {state !== "open" && (
          <Field
            label={t(needed ? "gaps.wanted" : "gaps.note")}
            hint={t("gaps.noteHint")}
            value={note}
            required={needed}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setNote(event.target.value)}
          />
        )}
        {decide.isError && <ProblemNotice error={decide.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{t("actions.cancel")}</Button>
          <Button type="submit" look="primary" disabled={decide.isPending || (needed && !note.trim())}>
            {t(`gaps.actions.${state}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
