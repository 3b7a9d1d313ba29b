import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileText, RotateCw, TriangleAlert, X } from "lucide-react";
import { useCallback, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { conversationKeys, dropFile, filesQuery, isBeingRead, removeFile } from "@/api/conversations/queries";
import { Problem, problemKind } from "@/api/problem";
import type { Classification, DroppedFile } from "@/api/types";
import { classes } from "@/shared/classes";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../documents/classification";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { inputClasses } from "../ui/field";
import type { Conversation } from "./conversation";

const CLASSES = ["C0", "C1", "C2", "C3"] as const satisfies Classification[];

/** A file on its way to the server, or one that did not arrive. */
export interface Upload {
  key: string;
  file: File;
  conversation: Conversation;
  abort: AbortController;
  problem: unknown;
}

export interface Uploads {
  of: (conversation: Conversation) => Upload[];
  send: (conversation: Conversation, files: File[], classification: Classification | null) => void;
  forget: (upload: Upload) => void;
}

/** The files on their way; they live as long as the page. */
export function useUploads(): Uploads {
  const cache = useQueryClient();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const forget = useCallback((gone: Upload) => {
    gone.abort.abort();
    setUploads((before) => before.filter((upload) => upload.key !== gone.key));
  }, []);
  const send = useCallback(
    async (conversation: Conversation, files: File[], classification: Classification | null) => {
      const added = files.map(
        (file): Upload => ({
          key: crypto.randomUUID(),
          file,
          conversation,
          abort: new AbortController(),
          problem: null,
        }),
      );
      setUploads((before) => [...before, ...added]);
      // One after another: the server takes few at once.
      for (const upload of added) {
        try {
          const id = await conversation.begin();
          if (upload.abort.signal.aborted) continue;
          const dropped = await dropFile(id, upload.file, classification, upload.abort.signal);
          cache.setQueryData<DroppedFile[]>(conversationKeys.files(id), (before = []) => [
            ...before.filter((file) => file.id !== dropped.id),
            dropped,
          ]);
          void cache.invalidateQueries({ queryKey: conversationKeys.files(id) });
          forget(upload);
        } catch (problem) {
          if (upload.abort.signal.aborted) continue;
          setUploads((before) =>
            before.map((other) => (other.key === upload.key ? { ...other, problem } : other)),
          );
        }
      }
    },
    [cache, forget],
  );
  return {
    of: (conversation) => uploads.filter((upload) => upload.conversation === conversation),
    send: (conversation, files, classification) => void send(conversation, files, classification),
    forget,
  };
}

interface TrayProps {
  conversation: number | null;
  uploads: Upload[];
  onForget: (upload: Upload) => void;
  /** Sends a file that did not arrive once more. */
  onAgain: (upload: Upload) => void;
}

/** The files of a conversation, and what became of each. */
export function FileTray({ conversation, uploads, onForget, onAgain }: TrayProps) {
  const { t } = useTranslation();
  const { data = [] } = useQuery({ ...filesQuery(conversation ?? 0), enabled: conversation !== null });
  const files = conversation === null ? [] : data;
  if (files.length === 0 && uploads.length === 0) return null;
  const waiting = files.filter(isBeingRead).length + uploads.filter(({ problem }) => problem === null).length;
  return (
    <section aria-label={t("files.label")} className="px-3 pt-3">
      <ul className="flex max-h-[22vh] flex-wrap gap-2 overflow-y-auto">
        {conversation !== null &&
          files.map((file) => <Dropped key={file.id} conversation={conversation} file={file} />)}
        {uploads.map((upload) => (
          <Sent key={upload.key} upload={upload} onForget={onForget} onAgain={onAgain} />
        ))}
      </ul>
      <p role="status" className={waiting > 0 ? "mt-2 text-sm text-ink-soft" : "sr-only"}>
        {waiting > 0 ? t("files.waitFor", { count: waiting }) : t("files.ready", { count: files.length })}
      </p>
    </section>
  );
}

const CARD = "flex max-w-full items-start gap-2 rounded-xl border bg-paper py-1.5 pr-1 pl-2.5 text-sm";

function Dropped({ conversation, file }: { conversation: number; file: DroppedFile }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeFile(conversation, file.id),
    onSettled: () => cache.invalidateQueries({ queryKey: conversationKeys.files(conversation) }),
  });
  const refused = file.state === "refused";
  const pages = file.page_count;
  return (
    <li className={classes(CARD, refused && "border-danger/40 bg-danger-soft")}>
      <FileText aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
      <div className="min-w-0">
        <p className="flex items-center gap-2">
          {file.document_id === null ? (
            <span className="max-w-64 truncate font-medium">{file.name}</span>
          ) : (
            <Link
              to="."
              search={(before) => ({
                ...before,
                document: file.document_id ?? undefined,
                passage: undefined,
              })}
              className="max-w-64 truncate rounded font-medium underline-offset-4 hover:underline"
            >
              {file.name}
            </Link>
          )}
          <ClassificationBadge value={file.classification} />
        </p>
        <p className={classes("break-words", refused ? "text-danger" : "text-ink-soft")}>
          {isBeingRead(file) && (
            <span
              aria-hidden="true"
              className="mr-1.5 inline-block size-2 animate-breathe rounded-full bg-accent"
            />
          )}
          {t(`files.states.${file.state}`)}
          {file.state === "read" && pages !== null && <> · {t("files.pages", { count: pages })}</>}
          {file.reason && <> {file.reason}</>}
        </p>
        {file.warnings.map((warning) => (
          <p key={warning} className="flex items-start gap-1.5 text-warning">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
            {warning}
          </p>
        ))}
        {remove.isError && (
          <p role="alert" className="text-danger">
            {t(`problems.${problemKind(remove.error)}.title`)}
          </p>
        )}
      </div>
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("files.remove", { name: file.name })}
        title={t("files.removeHint")}
        disabled={remove.isPending}
        onClick={() => remove.mutate()}
      >
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

function Sent({ upload, onForget, onAgain }: Pick<TrayProps, "onForget" | "onAgain"> & { upload: Upload }) {
  const { t } = useTranslation();
  const { size } = useFormats();
  const { file, problem } = upload;
  const failed = problem !== null;
  return (
    <li className={classes(CARD, failed && "border-danger/40 bg-danger-soft")}>
      <FileText aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
      <div className="min-w-0">
        <p className="max-w-64 truncate font-medium">{file.name}</p>
        {failed ? (
          <p role="alert" className="text-danger">
            {t(`problems.${problemKind(problem)}.title`)}
            {problem instanceof Problem && problem.detail && <> {problem.detail}</>}
          </p>
        ) : (
          <p className="text-ink-soft">
            <span
              aria-hidden="true"
              className="mr-1.5 inline-block size-2 animate-breathe rounded-full bg-accent"
            />
            {t("files.sending")} · {size(file.size)}
          </p>
        )}
      </div>
      {failed && (
        <Button
          look="quiet"
          size="iconSmall"
          aria-label={t("files.again", { name: file.name })}
          title={t("actions.retry")}
          onClick={() => onAgain(upload)}
        >
          <RotateCw aria-hidden="true" />
        </Button>
      )}
      <Button
        look="quiet"
        size="iconSmall"
        aria-label={t("files.remove", { name: file.name })}
        onClick={() => onForget(upload)}
      >
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

interface AddProps {
  files: File[];
  onAdd: (classification: Classification | null) => void;
  onClose: () => void;
}

/** What is about to be dropped, under which class, and what becomes of it. */
export function AddFiles({ files, onAdd, onClose }: AddProps) {
  const { t } = useTranslation();
  const { size } = useFormats();
  const id = useId();
  const [chosen, setChosen] = useState<Classification | "">("");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("files.title", { count: files.length })}
      description={t("files.lead")}
    >
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(chosen === "" ? null : chosen);
        }}
      >
        <ul className="max-h-48 space-y-1 overflow-y-auto text-[0.9375rem]">
          {files.map((file, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and none moves.
            <li key={place} className="flex items-baseline gap-3">
              <span className="min-w-0 flex-1 truncate">{file.name}</span>
              <span className="shrink-0 text-sm text-ink-faint">{size(file.size)}</span>
            </li>
          ))}
        </ul>
        <div>
          <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
            {t("files.class", { count: files.length })}
          </label>
          <select
            id={id}
            value={chosen}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setChosen(event.target.value as Classification | "")}
            className={inputClasses}
          >
            <option value="">{t("files.usualClass")}</option>
            {CLASSES.map((level) => (
              <option key={level} value={level}>
                {level} {t(`classification.${level}`)}
              </option>
            ))}
          </select>
          <p id={`${id}-hint`} className="mt-1.5 text-sm text-ink-faint">
            {t("files.classHint")}
          </p>
        </div>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button type="submit" look="primary">
            {t("files.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
