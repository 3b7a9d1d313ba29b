import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "@/api/sources/queries";
import { Page } from "../layout/shell";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Waiting } from "../states/waiting";
import { buttonClasses } from "../ui/button";
import { SourceCard } from "./card";
import { IndexState } from "./index-state";

export function SourcesPage({ curator, administrator }: { curator: boolean; administrator: boolean }) {
  const { t } = useTranslation();
  const sources = useQuery(sourcesQuery);
  return (
    <Page
      title={t("sources.title")}
      lead={t("sources.lead")}
      actions={
        administrator && (
          <Link to="/start" search={{ step: "folder" }} className={buttonClasses()}>
            <FolderPlus aria-hidden="true" />
            {t("sources.add")}
          </Link>
        )
      }
    >
      {sources.isPending && <Waiting lines={4} />}
      {sources.isError && <ProblemNotice error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.data?.length === 0 && (
        <Notice title={t("sources.none")}>
          {t(
            administrator
              ? "sources.noneAdministrator"
              : curator
                ? "sources.noneCurator"
                : "sources.noneReader",
          )}
        </Notice>
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
