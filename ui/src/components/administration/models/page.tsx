import { useQuery } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { modelsQuery } from "@/api/administration/models";
import type { Model } from "@/api/administration/types";
import { Page } from "../../layout/shell";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button } from "../../ui/button";
import { Chooser } from "./chooser";
import { ModelEditor } from "./editor";
import { ModelEntry } from "./entry";

/** The catalogue: which language models may be asked, and what each may be sent. */
export function ModelsPage() {
  const { t } = useTranslation();
  const models = useQuery(modelsQuery);
  const [editing, setEditing] = useState<Model | "new" | null>(null);
  const [choosing, setChoosing] = useState(false);
  return (
    <Page
      title={t("administration.models.title")}
      lead={t("administration.models.lead")}
      actions={
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setChoosing(true)}>
            <ListChecks aria-hidden="true" />
            {t("administration.models.choose")}
          </Button>
          <Button look="primary" onClick={() => setEditing("new")}>
            <Plus aria-hidden="true" />
            {t("administration.models.add")}
          </Button>
        </div>
      }
    >
      {models.isPending && <Waiting lines={6} />}
      {models.isError && <ProblemNotice error={models.error} onRetry={() => void models.refetch()} />}
      {models.data?.length === 0 && (
        <Notice title={t("administration.models.none")}>{t("administration.models.noneAdvice")}</Notice>
      )}
      {models.data && models.data.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border bg-surface">
          {models.data.map((model) => (
            <ModelEntry key={model.id} model={model} onEdit={() => setEditing(model)} />
          ))}
        </ul>
      )}
      {editing !== null && (
        <ModelEditor model={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
      {choosing && <Chooser onClose={() => setChoosing(false)} />}
    </Page>
  );
}
