import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileCog, Paperclip } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session/queries";
import type { DocumentDetails } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "./classification";
import { titleOf, useFormatName } from "./place";

/** What is known of a document beside its words. */
export function DocumentFacts({ document }: { document: DocumentDetails }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const formatName = useFormatName();
  const { data: session } = useQuery(sessionQuery);
  // The files of conversations are nobody's to look after.
  const curated = document.source_id > 0 && session?.user.roles.includes("curator");
  const rows: [string, ReactNode][] = [
    [t("facts.source"), document.source_name],
    [t("facts.path"), document.path],
    [t("facts.modified"), document.modified && formats.moment(document.modified)],
    [t("facts.author"), document.author],
    [t("facts.language"), formats.language(document.language)],
    [t("facts.format"), formatName(document.format)],
    [t("facts.pages"), document.page_count && formats.number(document.page_count)],
    [t("facts.size"), formats.size(document.size)],
  ];
  return (
    <section aria-labelledby="document-facts" className="text-[0.9375rem]">
      <h3 id="document-facts" className="mb-3 font-semibold">
        {t("facts.title")}
      </h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        {rows.map(([label, value]) =>
          value ? (
            <div key={label} className="contents">
              <dt className="text-ink-faint">{label}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {curated && (
        <p className="mt-4">
          <Link
            to="/sources/$source/file"
            params={{ source: document.source_id }}
            search={{ path: document.path }}
            className="inline-flex items-center gap-2 font-medium text-accent underline-offset-4 hover:underline"
          >
            <FileCog aria-hidden="true" className="size-4" />
            {t("facts.curate")}
          </Link>
        </p>
      )}
      {document.parent_id !== null && (
        <p className="mt-4">
          <Link
            to="."
            search={(before) => ({
              ...before,
              document: document.parent_id ?? undefined,
              passage: undefined,
            })}
            className="inline-flex items-center gap-2 font-medium text-accent underline-offset-4 hover:underline"
          >
            <Paperclip aria-hidden="true" className="size-4" />
            {t("facts.parent")}
          </Link>
        </p>
      )}
      {document.attachments.length > 0 && (
        <>
          <h4 className="mt-5 mb-2 font-semibold">{t("facts.attachments")}</h4>
          <ul className="space-y-2">
            {document.attachments.map((attachment) => (
              <li key={attachment.id} className="flex flex-wrap items-center gap-2">
                <Link
                  to="."
                  search={(before) => ({ ...before, document: attachment.id, passage: undefined })}
                  className="min-w-0 font-medium break-words text-accent underline-offset-4 hover:underline"
                >
                  {titleOf(attachment)}
                </Link>
                <ClassificationBadge value={attachment.classification} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
