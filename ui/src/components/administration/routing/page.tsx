import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { modelKeys, modelsQuery, rulesQuery, writeRules } from "@/api/administration/models";
import type { Rule } from "@/api/administration/types";
import { Page } from "../../layout/shell";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { RuleEditor } from "./editor";
import { RuleEntry } from "./entry";
import { moved, NEW_RULE, replaced } from "./rules";
import { Simulator } from "./simulator";

/** Which rule sends which request to which model, and what would happen to one. */
export function RoutingPage() {
  const { t } = useTranslation();
  const rules = useQuery(rulesQuery);
  return (
    <Page title={t("administration.routing.title")} lead={t("administration.routing.lead")}>
      <section aria-labelledby="rules">
        <h2 id="rules" className="sr-only">
          {t("administration.routing.rules")}
        </h2>
        {rules.isPending && <Waiting lines={6} />}
        {rules.isError && <ProblemNotice error={rules.error} onRetry={() => void rules.refetch()} />}
        {rules.data && <Rules kept={rules.data} />}
      </section>
      <Simulator />
    </Page>
  );
}

/** The rules as they are and as they are to be: each change is one writing of all of them. */
function Rules({ kept }: { kept: Rule[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const models = useQuery(modelsQuery);
  const [editing, setEditing] = useState<number | null>(null);
  const write = useMutation({
    mutationFn: writeRules,
    onSuccess: async (written) => {
      setEditing(null);
      queryClient.setQueryData(modelKeys.rules(), written);
      await queryClient.invalidateQueries({ queryKey: [...modelKeys.all, "route"] });
    },
  });
  const names = models.data?.map((model) => model.name) ?? [];
  return (
    <>
      {kept.length === 0 && (
        <Notice title={t("administration.routing.none")}>{t("administration.routing.noneAdvice")}</Notice>
      )}
      {kept.length > 0 && (
        <ol className="overflow-hidden rounded-2xl border bg-surface">
          {kept.map((rule, place) => (
            <RuleEntry
              key={JSON.stringify(rule)}
              rule={rule}
              place={place}
              last={place === kept.length - 1}
              busy={write.isPending}
              onMove={(by) => write.mutate(moved(kept, place, by))}
              onEdit={() => setEditing(place)}
              onRemove={() => write.mutate(replaced(kept, place))}
            />
          ))}
        </ol>
      )}
      {write.isError && editing === null && (
        <div className="mt-3">
          <ProblemNotice error={write.error} />
        </div>
      )}
      <p className="mt-3 text-sm text-ink-faint">{t("administration.routing.order")}</p>
      <div className="mt-3">
        <Button onClick={() => setEditing(kept.length)}>
          <Plus aria-hidden="true" />
          {t("administration.routing.add")}
        </Button>
      </div>
      {editing !== null && (
        <RuleEditor
          rule={kept[editing] ?? NEW_RULE}
          models={names}
          error={write.error}
          busy={write.isPending}
          onClose={() => {
            write.reset();
            setEditing(null);
          }}
          onSave={(rule) => write.mutate(replaced(kept, editing, rule))}
        />
      )}
    </>
  );
}
