import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, BookOpen, EyeOff, RotateCw, Undo2 } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemKind } from "@/api/problem";
import { fileQuery } from "@/api/sources/file";
import { exclusionsQuery, isUnderWay, sourceKeys, sourcesQuery } from "@/api/sources/queries";
import type { Exclusion, SourceFile } from "@/api/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../../documents/classification";
import { titleOf } from "../../documents/place";
import { Page } from "../../layout/shell";
import { Notice } from "../../states/notice";
import { ProblemNotice } from "../../states/problem";
import { Waiting } from "../../states/waiting";
import { Button, buttonClasses } from "../../ui/button";
import { LeavingOut, useDecision } from "../decisions";
import { useLatestRun } from "../latest";
import { Working } from "../run";
import { FileFacts } from "./facts";
import { FileHistory } from "./history";
import { exclusionOf } from "./left-out";
import { Part } from "./part";
import { FilePassages } from "./passages";
import { FileRights } from "./rights";

interface Props {
  source: number;
  path: string;
}

/** One document of a source as its curators look at it: facts, rights, passages, history, and taking it out. */
export function FilePage({ source, path }: Props) {
  const { t } = useTranslation();
  const run = useLatestRun(source);
  const file = useQuery(fileQuery(source, path));
  const leftOut = useQuery(exclusionsQuery(source));
  const exclusions = leftOut.data;
  const { data: sources } = useQuery(sourcesQuery);
  const exclusion = exclusions && exclusionOf(path, exclusions);
  const state =
    run && exclusions && `${run.id}/${isUnderWay(run)}/${exclusion?.excluded_at}/${exclusion?.asked}`;
  useAgain(source, path, state);
  const [decisions, setDecisions] = useState(0);
  const said = useRef<HTMLDivElement>(null);
  useFocusKept(said, decisions, `${exclusion?.path}/${exclusion?.asked}`);
  const onDecided = () => setDecisions((count) => count + 1);
  const missing = file.isError && problemKind(file.error) === "missing";
  const document = missing ? null : file.data?.document;
  const name = sources?.find((each) => each.id === source)?.name;
  return (
    <Page
      title={titleOf({ title: document?.title ?? "", path })}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          {document && <ClassificationBadge value={document.classification} />}
          <span className="break-all">{[name, ...path.split("/")].filter(Boolean).join(" › ")}</span>
        </span>
      }
      actions={
        <Link
          to="/sources/$source"
          params={{ source }}
          className={buttonClasses({ look: "quiet", size: "small" })}
        >
          <ArrowLeft aria-hidden="true" />
          {t("file.back")}
        </Link>
      }
    >
      {isUnderWay(run) && run && (
        <div className="mb-6 rounded-2xl border bg-surface p-4">
          <Working run={run} />
        </div>
      )}
      <div ref={said} tabIndex={-1} aria-live="polite" className="rounded-xl outline-offset-2 not-empty:mb-6">
        {exclusion && <LeftOut source={source} exclusion={exclusion} onDecided={onDecided} />}
      </div>
      {leftOut.isError && (
        <div className="mb-6">
          <ProblemNotice error={leftOut.error} onRetry={() => void leftOut.refetch()} />
        </div>
      )}
      {(file.isPending || (missing && leftOut.isPending)) && <Waiting lines={8} />}
      {missing && exclusions && !exclusion && (
        <Notice title={t("file.missing")}>{t("file.missingAdvice")}</Notice>
      )}
      {file.isError && !missing && <ProblemNotice error={file.error} onRetry={() => void file.refetch()} />}
      {file.data && !missing && (
        <div className="space-y-6">
          <FileFacts file={file.data} source={source}>
            {exclusions && !exclusion && <Actions source={source} path={path} file={file.data} />}
          </FileFacts>
          {file.data.rights && <FileRights source={source} path={path} file={file.data} />}
          {file.data.document && <FilePassages source={source} path={path} document={file.data.document} />}
          <FileHistory file={file.data} />
          {exclusions && !exclusion && (
            <TakingOut source={source} path={path} file={file.data} onDecided={onDecided} />
          )}
        </div>
      )}
    </Page>
  );
}

/** Asks again for what is known of a file when a run ends, or when the worker did what was asked. */
function useAgain(source: number, path: string, state: string | undefined): void {
  const queryClient = useQueryClient();
  const known = useRef(state);
  useEffect(() => {
    const before = known.current;
    known.current = state;
    if (before === undefined || before === state) return;
    void queryClient.invalidateQueries({ queryKey: sourceKeys.file(source, path) });
  }, [state, queryClient, source, path]);
}

/** Leads the keyboard to what is said, where the button of a decision is gone with what it did. */
function useFocusKept(said: RefObject<HTMLElement | null>, decisions: number, state: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button goes when the state changes.
  useEffect(() => {
    if (decisions === 0) return;
    // After the dialog has given the focus back to a button that may be gone.
    const later = setTimeout(() => {
      if (document.activeElement === document.body) said.current?.focus();
    });
    return () => clearTimeout(later);
  }, [said, decisions, state]);
}

interface LeftOutProps {
  source: number;
  exclusion: Exclusion;
  onDecided: () => void;
}

/** That it is left out, or about to be, and the way back. */
function LeftOut({ source, exclusion, onDecided }: LeftOutProps) {
  const { t } = useTranslation();
  const { moment } = useFormats();
  const takeBack = useDecision(source, onDecided);
  const { path, excluded_at: since, asked } = exclusion;
  return (
    <Notice
      tone="warning"
      title={
        asked
          ? t(asked === "include" ? "ledger.takingBack" : "ledger.leavingOut")
          : t("file.leftOut", { path, when: since ? moment(since) : "" })
      }
      actions={
        asked === null && (
          <Button
            size="small"
            disabled={takeBack.isPending}
            onClick={() => takeBack.mutate({ decision: "include", path })}
          >
            <Undo2 aria-hidden="true" />
            {t("file.letIn")}
          </Button>
        )
      }
    >
      {asked === null && t("file.leftOutAdvice")}
      {takeBack.isError && <ProblemNotice error={takeBack.error} />}
    </Notice>
  );
}

/** Opening the document, or having the file read again. */
function Actions({ source, path, file }: Props & { file: SourceFile }) {
  const { t } = useTranslation();
  const readAgain = useDecision(source);
  const number = file.document?.id;
  return (
    <div className="mt-5">
      <div className="flex flex-wrap gap-2">
        {number !== undefined && (
          <Link
            to="."
            search={(before) => ({ ...before, document: number, passage: undefined })}
            className={buttonClasses({ size: "small" })}
          >
            <BookOpen aria-hidden="true" />
            {t("file.open")}
          </Link>
        )}
        <Button
          size="small"
          disabled={readAgain.isPending}
          onClick={() => readAgain.mutate({ decision: "read_again", path })}
        >
          <RotateCw aria-hidden="true" />
          {t("ledger.readAgain")}
        </Button>
      </div>
      <div aria-live="polite">
        {readAgain.isSuccess && (
          <p className="mt-4 rounded-xl bg-info-soft px-4 py-2.5 text-sm text-info">
            {t("ledger.readAgainAsked", { path })}
          </p>
        )}
      </div>
      {readAgain.isError && (
        <div className="mt-4">
          <ProblemNotice error={readAgain.error} />
        </div>
      )}
    </div>
  );
}

/** Taking it out, with what follows. */
function TakingOut({ source, path, file, onDecided }: Props & { file: SourceFile; onDecided: () => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const told = [
    t("file.outNow"),
    t("file.outNext"),
    t("file.outMoved"),
    t("file.outPlace"),
    ...(file.inside.length > 0 ? [t("file.outInside")] : []),
  ];
  return (
    <Part id="file-out" title={t("file.decide")} lead={t("file.outLead")}>
      <ul className="max-w-prose list-disc space-y-1.5 pl-5 text-[0.9375rem] text-ink-soft marker:text-ink-faint">
        {told.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Button look="danger" className="mt-4" onClick={() => setAsking(true)}>
        <EyeOff aria-hidden="true" />
        {t("ledger.leaveOutAsk")}
      </Button>
      {asking && (
        <LeavingOut source={source} path={path} onClose={() => setAsking(false)} onAsked={onDecided} />
      )}
    </Part>
  );
}
