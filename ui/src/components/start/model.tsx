import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectModel, detectedQuery, ModelSilent, modelsQuery } from "@/api/start/queries";
import type { Classification, ModelWish, ServerDetected } from "@/api/types";
import { PasswordField } from "../session/password";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Choice, Field } from "../ui/field";
import { Option } from "./option";

const CLASSES = ["C0", "C1", "C2", "C3"] as const;
const NOTHING = { location: "", model: "", key: "", highest: "C1" as Classification };
/** Of one server: a list of hundreds would hide the other ways. */
const MOST_MODELS = 4;
const NONE = "none";
const OTHER = "other";

interface Found {
  id: string;
  server: ServerDetected;
  model: string;
}

/** A server on the machine, one elsewhere, or none: each can be changed later. */
export function ModelStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("start");
  const queryClient = useQueryClient();
  const known = useQuery(modelsQuery);
  const detected = useQuery(detectedQuery);
  const [chosen, setChosen] = useState(NONE);
  const [typed, setTyped] = useState(NOTHING);
  const found = (detected.data ?? []).flatMap((server) =>
    server.models
      .slice(0, MOST_MODELS)
      .map((model): Found => ({ id: `${server.address} ${model}`, server, model })),
  );
  const connect = useMutation({
    mutationFn: (wish: ModelWish) => connectModel(wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: modelsQuery.queryKey });
      onDone();
    },
  });
  const submit = () => {
    const local = found.find((each) => each.id === chosen);
    if (local !== undefined) {
      const { server, model } = local;
      // It is this very machine: whatever it is sent stays here.
      connect.mutate({ ...described(server.address, model), highest: "C3" });
    } else if (chosen === OTHER) {
      const { location, model, key, highest } = typed;
      connect.mutate({ ...described(location.trim(), model.trim()), key: key.trim(), highest });
    } else onDone();
  };
  const names = (known.data ?? []).map((model) => model.name).join(", ");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {names && <p className="mb-4 text-[0.9375rem] text-ink-soft">{t("model.already", { names })}</p>}
      <fieldset className="space-y-3">
        <legend className="sr-only">{t("model.title")}</legend>
        <Option
          group="model"
          chosen={chosen === NONE}
          title={t("model.none")}
          text={t("model.noneText")}
          onChoose={() => setChosen(NONE)}
        />
        {found.map(({ id, server, model }) => (
          <Option
            key={id}
            group="model"
            chosen={chosen === id}
            title={
              server.product === "simulated"
                ? t("model.simulated", { model })
                : t("model.detected", { model })
            }
            text={t("model.detectedText", { product: server.product, address: server.address })}
            onChoose={() => setChosen(id)}
          />
        ))}
        <Option
          group="model"
          chosen={chosen === OTHER}
          title={t("model.other")}
          text={t("model.otherText")}
          onChoose={() => setChosen(OTHER)}
        >
          <Field
            label={t("model.address")}
            hint={t("model.addressHint")}
            type="url"
            required
            autoCapitalize="none"
            spellCheck="false"
            value={typed.location}
            onChange={(event) => setTyped({ ...typed, location: event.target.value })}
          />
          <Field
            label={t("model.name")}
            hint={t("model.nameHint")}
            required
            autoCapitalize="none"
            spellCheck="false"
            autoComplete="off"
            value={typed.model}
            onChange={(event) => setTyped({ ...typed, model: event.target.value })}
          />
          <PasswordField
            label={t("model.key")}
            hint={t("model.keyHint")}
            autoComplete="off"
            value={typed.key}
            onChange={(event) => setTyped({ ...typed, key: event.target.value })}
          />
          <Choice
            label={t("model.highest")}
            value={typed.highest}
            options={CLASSES.map((each) => [each, t(`model.upTo.${each}`)] as const)}
            onChoose={(highest) => setTyped({ ...typed, highest })}
          />
        </Option>
      </fieldset>
      <p role="status" className="mt-3 min-h-6 text-sm text-ink-faint">
        {connect.isPending ? t("model.trying") : detected.isPending && t("model.looking")}
      </p>
      {connect.error instanceof ModelSilent ? (
        <Notice tone="danger" alert title={t("model.silent")}>
          {t("model.silentAdvice")}
          {connect.error.message && <p className="mt-1">{connect.error.message}</p>}
        </Notice>
      ) : (
        connect.isError && <ProblemNotice error={connect.error} />
      )}
      <div className="mt-6 flex justify-end">
        <Button type="submit" look="primary" className="h-11 px-6" disabled={connect.isPending}>
          {t(chosen === NONE ? "model.continue" : "model.try")}
        </Button>
      </div>
    </form>
  );
}

/** A model under its own name, which holds no space. */
const described = (location: string, model: string): ModelWish => ({
  name: model.replace(/[^!-~]+/g, "-").slice(0, 100) || "model",
  kind: "openai",
  location,
  model,
});
