import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approveAnswer, approvedKeys } from "@/api/approved/queries";
import type { ApprovedWish, Classification } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Choice, Field, LongField } from "../ui/field";
import { today, yearAfter } from "./days";
import { EVERYBODY, keysOf, Readers, type ReadersChoice } from "./readers";

const CLASSES = ["C0", "C1", "C2", "C3"] as const satisfies Classification[];

interface Written {
  question: string;
  phrasings: string;
  answer: string;
  sources: string;
  classification: Classification;
  valid_from: string;
  valid_to: string;
  review_on: string;
}

interface Props {
  /** That it begins with. */
  question: string;
  onClose: () => void;
  onAdded: () => void;
}

/** Approves an answer. */
export function NewApproved({ question, onClose, onAdded }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [written, setWritten] = useState<Written>({
    question,
    phrasings: "",
    answer: "",
    sources: "",
    classification: "C1",
    valid_from: today(),
    valid_to: "",
    review_on: yearAfter(today()),
  });
  const [readers, setReaders] = useState<ReadersChoice>(EVERYBODY);
  const add = useMutation({
    mutationFn: () => approveAnswer(wishOf(written, readers)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: approvedKeys.list() });
      onAdded();
    },
  });
  const set = (name: keyof Written) => (event: { target: { value: string } }) =>
    setWritten({ ...written, [name]: event.target.value });
  const complete =
    written.question.trim() !== "" &&
    written.answer.trim() !== "" &&
    written.valid_from !== "" &&
    written.review_on !== "" &&
    keysOf(readers).length > 0;
  return (
    <Dialog open wide onClose={onClose} title={t("approved.add")} description={t("approved.addLead")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Field
          label={t("approved.question")}
          hint={t("approved.questionHint")}
          value={written.question}
          required
          maxLength={1000}
          autoComplete="off"
          onChange={set("question")}
        />
        <LongField
          label={t("approved.otherWords")}
          hint={t("approved.otherWordsHint")}
          rows={2}
          value={written.phrasings}
          onChange={set("phrasings")}
        />
        <LongField
          label={t("approved.answer")}
          hint={t("approved.answerHint")}
          rows={5}
          value={written.answer}
          required
          maxLength={10_000}
          onChange={set("answer")}
        />
        <Field
          label={t("approved.sources")}
          hint={t("approved.sourcesHint")}
          value={written.sources}
          maxLength={1000}
          autoComplete="off"
          onChange={set("sources")}
        />
        <Readers value={readers} onChange={setReaders} />
        <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
          <Choice
            label={t("approved.class")}
            hint={t("approved.classHint")}
            value={written.classification}
            options={CLASSES.map((value) => [value, `${value} · ${t(`classification.${value}`)}`] as const)}
            onChoose={(classification) => setWritten({ ...written, classification })}
          />
          <Field
            label={t("approved.reviewBy")}
            type="date"
            value={written.review_on}
            required
            min={today()}
            onChange={set("review_on")}
          />
          <Field
            label={t("approved.validFrom")}
            type="date"
            value={written.valid_from}
            required
            onChange={set("valid_from")}
          />
          <Field
            label={t("approved.validTo")}
            type="date"
            value={written.valid_to}
            min={written.valid_from}
            onChange={set("valid_to")}
          />
        </div>
        {add.isError && <ProblemNotice error={add.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button type="submit" look="primary" disabled={add.isPending || !complete}>
            {t("approved.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wishOf(written: Written, readers: ReadersChoice): ApprovedWish {
  const { question, answer, sources, classification, valid_from, valid_to, review_on } = written;
  const phrasings = written.phrasings.split("\n").map((line) => line.trim());
  return {
    question: question.trim(),
    phrasings: phrasings.filter(Boolean),
    answer: answer.trim(),
    sources: sources.trim(),
    assistant: "",
    readers: keysOf(readers),
    classification,
    valid_from,
    ...(valid_to && { valid_to }),
    review_on,
  };
}
