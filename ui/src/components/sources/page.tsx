import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/sources/queries";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { SourceCard } from "./card";
import { IndexState } from "./index-state";

export function SourcesPage({ curator }: { curator: boolean }) {
  const { t } = useTranslation();
  const sources = useQuery(sourcesQuery);
  return (
    <Page title={t("sources.title")} lead={t("sources.lead")}>
      {sources.isPending && <Waiting lines={4} />}
      {sources.isError && <ProblemNotice error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.data?.length === 0 && (
        <Notice title={t("sources.none")}>{t(curator ? "sources.noneCurator" : "sources.noneReader")}</Notice>
      )}
      <ul className="space-y-4">
        {sources.data?.map((source) => (
          <li key={source.id}>
            <SourceCard source={source} curator={curator} />
          </li>
        ))}
      </ul>
      {curator && <IndexState />}
    </Page>
  );
}
