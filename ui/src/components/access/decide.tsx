import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accessKeys, decideOnAccess } from "@/api/access/queries";
import type { AccessRequest } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";

interface Props {
  request: AccessRequest;
  approving: boolean;
  onClose: () => void;
}

/** Approves or refuses what another person asks for, with a reason that they read. */
export function Decide({ request, approving, onClose }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const [who, setWho] = useState("");
  const { login, wanted } = request;
  const decide = useMutation({
    mutationFn: () =>
      decideOnAccess(request.id, {
        decision: approving ? "approved" : "refused",
        reason,
        applied_by: approving ? who : "",
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: accessKeys.list });
      onClose();
    },
  });
  const missing = !reason.trim() || (approving && !who.trim());
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(approving ? "access.approveOne" : "access.refuseOne", { login, wanted })}
      description={t(approving ? "access.approveAdvice" : "access.refuseAdvice")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate();
        }}
      >
        <Field
          label={t("access.decisionReason")}
          hint={t("access.decisionReasonHint")}
          value={reason}
          required
          maxLength={500}
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
        {approving && (
          <Field
            label={t("access.who")}
            hint={t("access.whoHint")}
            value={who}
            required
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setWho(event.target.value)}
          />
        )}
        {decide.isError && <ProblemNotice error={decide.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="submit"
            look={approving ? "primary" : "danger"}
            disabled={decide.isPending || missing}
          >
            {t(approving ? "access.approve" : "access.refuse")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
