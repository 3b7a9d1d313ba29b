import { Link } from "@tanstack/react-router";
import { Paperclip } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SourceFile } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { useFormatName } from "../../documents/place";
import { isGood, useStatusName } from "../status";
import { Part } from "./part";

const LINK = "font-medium break-words text-accent underline-offset-4 hover:underline";

interface Props {
  file: SourceFile;
  source: number;
  /** What may be done about it. */
  children: ReactNode;
}

/** What became of the file, and what is known of its document. */
export function FileFacts({ file, source, children }: Props) {
  const { t } = useTranslation();
  const formats = useFormats();
  const formatName = useFormatName();
  const statusName = useStatusName();
  const { line, document } = file;
  const rows: [string, ReactNode][] = [
    [t("facts.format"), document && formatName(document.format)],
    [t("facts.language"), document && formats.language(document.language)],
    [t("facts.author"), document?.author],
    [t("facts.modified"), document?.modified && formats.moment(document.modified)],
    [t("facts.pages"), document?.page_count && formats.number(document.page_count)],
    [t("facts.size"), line.size !== null && formats.size(line.size)],
    [t("file.passageCount"), document && formats.number(document.passages)],
    [t("file.indexedAt"), document && formats.moment(document.indexed_at)],
    [
      t("file.madeBy"),
      document &&
        t("file.versionsOf", {
          parser: document.parser,
          chunker: document.chunker,
          analysis: document.analysis,
        }),
    ],
    [t("file.readIn"), line.read_ms !== null && formats.took(line.read_ms)],
    [t("file.fingerprint"), document && <Fingerprint hash={document.content_hash} />],
  ];
  return (
    <Part id="file-facts" title={t("file.facts")}>
      <p
        className={classes("text-[0.9375rem] font-medium", isGood(line.status) ? "text-ink" : "text-warning")}
      >
        {t("file.state", { state: statusName(line.status) })}
        {!document && <span className="font-normal text-ink-soft"> · {t("file.notSearched")}</span>}
      </p>
      {[line.reason, ...line.warnings, document?.kept].filter(Boolean).map((sentence) => (
        <p key={sentence} lang="en" className="mt-1 max-w-prose text-[0.9375rem] text-ink-soft">
          {sentence}
        </p>
      ))}
      <dl className="mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-[0.9375rem]">
        {rows.map(([label, value]) =>
          value ? (
            <div key={label} className="contents">
              <dt className="text-ink-faint">{label}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {file.message && (
        <p className="mt-4 flex items-start gap-2 text-[0.9375rem]">
          <Paperclip aria-hidden="true" className="mt-1 size-4 shrink-0 text-ink-faint" />
          <span>
            {t("file.carriedBy")}{" "}
            <Link
              to="/sources/$source/file"
              params={{ source }}
              search={{ path: file.message }}
              className={LINK}
            >
              {file.message}
            </Link>
          </span>
        </p>
      )}
      <Beside
        title={t("file.inside")}
        source={source}
        paths={file.inside.map((path) => ({ path, note: null }))}
      />
      <Beside
        title={t("file.versions")}
        source={source}
        paths={file.versions.map(({ path, modified, same_content }) => ({
          path,
          note: [modified && formats.date(modified), same_content && t("file.sameContent")]
            .filter(Boolean)
            .join(" · "),
        }))}
      />
      {children}
    </Part>
  );
}

interface BesideProps {
  title: string;
  source: number;
  paths: { path: string; note: string | null }[];
}

function Beside({ title, source, paths }: BesideProps) {
  if (paths.length === 0) return null;
  return (
    <>
      <h3 className="mt-5 mb-2 font-semibold">{title}</h3>
      <ul className="space-y-1.5 text-[0.9375rem]">
        {paths.map(({ path, note }) => (
          <li key={path}>
            <Link to="/sources/$source/file" params={{ source }} search={{ path }} className={LINK}>
              {path}
            </Link>
            {note && <span className="text-ink-faint"> · {note}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The beginning of a fingerprint; whole where one points at it. */
export function Fingerprint({ hash }: { hash: string }) {
  return (
    <code title={hash} className="text-sm">
      {hash.slice(0, 12)}
    </code>
  );
}
