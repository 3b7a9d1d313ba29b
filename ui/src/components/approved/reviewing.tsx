import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approvedKeys, reviewAnswer } from "@/api/approved/queries";
import type { ApprovedAnswer } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { later, today, yearAfter } from "./days";

interface Props {
  pair: ApprovedAnswer;
  what: "review" | "end";
  onClose: () => void;
  onDone: (date: string) => void;
}

/** Says that an answer is still right and until when, or which is its last day. */
export function Reviewing({ pair, what, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const now = today();
  const ends = what === "end";
  const first = later(pair.valid_from, now);
  const [date, setDate] = useState(ends ? first : yearAfter(now));
  const change = useMutation({
    mutationFn: () => reviewAnswer(pair.id, ends ? { valid_to: date } : { review_on: date }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: approvedKeys.list() });
      onDone(date);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(ends ? "approved.endTitle" : "approved.reviewTitle")}
      description={t(ends ? "approved.endLead" : "approved.reviewLead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <div className="rounded-lg border bg-sunken px-3.5 py-3">
          <p className="font-medium break-words">{pair.question}</p>
          <p
            lang={pair.language}
            className="mt-1 max-h-[30vh] overflow-y-auto font-serif leading-relaxed break-words whitespace-pre-line"
          >
            {pair.answer}
          </p>
        </div>
        <Field
          label={t(ends ? "approved.lastDay" : "approved.next")}
          type="date"
          value={date}
          required
          min={ends ? pair.valid_from : now}
          onChange={(event) => setDate(event.target.value)}
        />
        {change.isError && <ProblemNotice error={change.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look={ends ? "danger" : "primary"} disabled={change.isPending || date === ""}>
            {t(ends ? "approved.end" : "approved.stillRight")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
