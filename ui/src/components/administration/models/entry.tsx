import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { modelKeys, removeModel, tryModel } from "@/api/administration/models";
import type { Model, ModelTried } from "@/api/administration/types";
import { useFormats } from "@/shared/formats";
import { ClassificationBadge } from "../../documents/classification";
import { ProblemNotice } from "../../states/problem";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Menu, MenuItem } from "../../ui/menu";

/** A model: what it is, what it may be sent, and whether it answers. */
export function ModelEntry({ model, onEdit }: { model: Model; onEdit: () => void }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const attempt = useMutation({ mutationFn: () => tryModel(model.id) });
  const { name } = model;
  const label = t("administration.models.actionsOf", { name });
  return (
    <li className="border-t px-4 py-4 first:border-t-0 sm:px-5">
      <article className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h2 className="min-w-0 font-medium break-words">{name}</h2>
            <ClassificationBadge value={model.highest} />
            <Lifecycle model={model} />
          </div>
          <About model={model} />
          <Costs model={model} />
          {model.problem && (
            <p lang="en" className="mt-1 text-sm break-words text-warning">
              {model.problem}
            </p>
          )}
          <Attempt pending={attempt.isPending} found={attempt.data} error={attempt.error} />
        </div>
        <div className="flex items-center gap-2">
          <Button
            size="small"
            aria-label={t("administration.models.tryOne", { name })}
            disabled={attempt.isPending}
            onClick={() => attempt.mutate()}
          >
            <Play aria-hidden="true" />
            {t("administration.models.try")}
          </Button>
          <Menu
            label={label}
            trigger={
              <Button look="quiet" size="iconSmall" aria-label={label}>
                <Ellipsis aria-hidden="true" />
              </Button>
            }
          >
            <MenuItem onSelect={onEdit}>
              <Pencil aria-hidden="true" />
              {t("administration.edit")}
            </MenuItem>
            <MenuItem onSelect={() => setRemoving(true)}>
              <Trash2 aria-hidden="true" />
              {t("administration.remove")}
            </MenuItem>
          </Menu>
        </div>
      </article>
      {removing && <Removal model={model} onClose={() => setRemoving(false)} />}
    </li>
  );
}

function Lifecycle({ model }: { model: Model }) {
  const { t } = useTranslation();
  const lifecycle = model.lifecycle as "trial" | "approved" | "deprecated" | "retired";
  return (
    <span className="text-sm text-ink-soft">
      {t(`administration.models.lifecycles.${lifecycle}`)}
      {!model.answers && <span className="text-warning"> · {t("administration.models.silent")}</span>}
    </span>
  );
}

/** What it is and where it runs, as far as somebody said. */
function About({ model }: { model: Model }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const kind = model.kind as "openai" | "anthropic" | "google" | "bedrock" | "extractive";
  const type = model.type as "general" | "reasoning" | "code" | "multimodal" | "specialised";
  const access = accessName(model.access);
  const facts = [
    t(`administration.models.kinds.${kind}`),
    model.model,
    model.type !== "general" && t(`administration.models.types.${type}`),
    model.access && t(`administration.models.accesses.${access}`),
    model.licence,
    model.publisher,
    model.host && t("administration.models.at", { host: model.host }),
    model.zone,
    model.context !== null && t("administration.models.contextOf", { tokens: number(model.context) }),
  ];
  return <p className="mt-1 text-sm break-words text-ink-soft">{facts.filter(Boolean).join(" · ")}</p>;
}

function Costs({ model }: { model: Model }) {
  const { t } = useTranslation();
  const { number } = useFormats();
  if (model.kind === "extractive") return null;
  const known = model.price_in !== null && model.price_out !== null;
  const facts = [
    known
      ? t("administration.models.prices", {
          input: number(model.price_in ?? 0),
          output: number(model.price_out ?? 0),
        })
      : t("administration.models.priceUnknown"),
    model.parameters_total !== null
      ? t("administration.models.size", { size: number(model.parameters_total) })
      : t("administration.models.sizeUnknown"),
  ];
  return <p className="mt-0.5 text-sm break-words text-ink-faint">{facts.join(" · ")}</p>;
}

interface AttemptProps {
  pending: boolean;
  found: ModelTried | undefined;
  error: Error | null;
}

/** What came of asking it for a word. */
function Attempt({ pending, found, error }: AttemptProps) {
  const { t } = useTranslation();
  const { took } = useFormats();
  return (
    <div role="status" className="text-sm">
      {pending && <p className="mt-2 text-ink-soft">{t("administration.models.trying")}</p>}
      {found?.answers && (
        <p className="mt-2 font-medium text-accent">
          {t("administration.models.works", { time: took(found.first_ms ?? 0) })}
        </p>
      )}
      {found && !found.answers && (
        <p className="mt-2 text-danger">
          {t("administration.models.fails")} <span lang="en">{found.problem}</span>
        </p>
      )}
      {error && (
        <div className="mt-2">
          <ProblemNotice error={error} />
        </div>
      )}
    </div>
  );
}

function Removal({ model, onClose }: { model: Model; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeModel(model.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: modelKeys.all });
      onClose();
      // The button that led here is gone with the model.
      requestAnimationFrame(() => document.getElementById("content")?.focus());
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("administration.models.removeTitle", { name: model.name })}
      description={t("administration.models.removeAdvice")}
    >
      {remove.isError && <ProblemNotice error={remove.error} />}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t("actions.cancel")}</Button>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t("administration.remove")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Names of texts have no space and none is empty. */
export const accessName = (access: string) =>
  (access === "" ? "unknown" : access.replace(" ", "_")) as
    | "unknown"
    | "open_source"
    | "open_weights"
    | "proprietary";
