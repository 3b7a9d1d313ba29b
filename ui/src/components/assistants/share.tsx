import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  assistantChoicesQuery,
  assistantKeys,
  assistantSharesQuery,
  shareAssistant,
} from "@/api/assistants/queries";
import { groupsQuery } from "@/api/conversations/queries";
import type { AssistantShare, Group } from "@/api/types";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";

/** Who can use an assistant: groups, people, or everybody. */
export function ShareAssistant({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const shares = useQuery(assistantSharesQuery(id));
  const groups = useQuery(groupsQuery);
  const choices = useQuery(assistantChoicesQuery);
  const all = [shares, groups, choices] as const;
  const fault = all.find((query) => query.isError)?.error;
  return (
    <Dialog open onClose={onClose} title={t("assistants.shareTitle")} description={t("assistants.shareLead")}>
      {fault && (
        <ProblemNotice
          error={fault}
          onRetry={() => {
            for (const query of all) void query.refetch();
          }}
        />
      )}
      {!fault && (!shares.data || !groups.data || !choices.data) && <Waiting />}
      {shares.data && groups.data && choices.data && (
        <Users
          id={id}
          shares={shares.data}
          groups={groups.data}
          publishes={choices.data.may_publish}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface Props {
  id: string;
  shares: AssistantShare[];
  groups: Group[];
  publishes: boolean;
  onClose: () => void;
}

function Users({ id, shares, groups, publishes, onClose }: Props) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const of = (kind: AssistantShare["kind"]) =>
    shares.filter((one) => one.kind === kind).map((one) => one.label);
  const [everybody, setEverybody] = useState(of("everybody").length > 0);
  const [people, setPeople] = useState(of("user").join(", "));
  const [chosen, setChosen] = useState(() => {
    const named = new Set(of("group"));
    return groups.filter((group) => named.has(group.label)).map((group) => group.id);
  });
  const save = useMutation({
    mutationFn: () => {
      const logins = people
        .split(/[,;\n]/)
        .map((login) => login.trim())
        .filter(Boolean);
      return shareAssistant(id, logins, chosen, everybody);
    },
    onSuccess: (now) => {
      cache.setQueryData(assistantKeys.shares(id), now);
      onClose();
    },
  });
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {groups.length > 0 && (
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("share.groups")}</legend>
          <div className="max-h-48 overflow-y-auto rounded-lg border px-3 py-1.5">
            {groups.map((group) => (
              <label key={group.id} className="flex min-h-8 items-center gap-2.5 break-words">
                <input
                  type="checkbox"
                  className="size-[1.125rem] shrink-0 accent-accent"
                  checked={chosen.includes(group.id)}
                  onChange={(event) =>
                    setChosen(
                      event.target.checked
                        ? [...chosen, group.id]
                        : chosen.filter((other) => other !== group.id),
                    )
                  }
                />
                <span className="min-w-0 break-words">{group.label}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Field
        label={t("share.logins")}
        hint={t("assistants.loginsHint")}
        value={people}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setPeople(event.target.value)}
      />
      {(publishes || everybody) && (
        <label className="flex min-h-8 items-center gap-2.5">
          <input
            type="checkbox"
            className="size-[1.125rem] shrink-0 accent-accent"
            checked={everybody}
            onChange={(event) => setEverybody(event.target.checked)}
          />
          {t("assistants.everybody")}
        </label>
      )}
      <p className="text-sm text-ink-soft">{t("assistants.sharedRights")}</p>
      {save.isError && <ProblemNotice error={save.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("actions.cancel")}</Button>
        <Button type="submit" look="primary" disabled={save.isPending}>
          {t("assistants.share")}
        </Button>
      </div>
    </form>
  );
}
