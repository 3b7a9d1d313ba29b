import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemKind } from "@/api/problem";
import { signIn } from "@/api/session/queries";
import { Notice } from "../states/notice";
import { ProblemNotice } from "../states/problem";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Frame } from "./frame";
import { PasswordField } from "./password";
import { useWelcome } from "./welcome";

export function SignInPage({ next, expired }: { next: string; expired: boolean }) {
  const { t } = useTranslation();
  const welcome = useWelcome();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => signIn(login.trim(), password),
    onSuccess: (session) => welcome(session, next),
  });
  const refused = enter.isError && problemKind(enter.error) === "signedOut";
  return (
    <Frame title={t("session.signIn")} lead={t("session.promise")}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        {expired && !enter.isError && (
          <Notice tone="warning" alert title={t("session.expired")}>
            {t("session.expiredAdvice")}
          </Notice>
        )}
        {refused && (
          <Notice tone="danger" alert title={t("session.refused")}>
            {t("session.refusedAdvice")}
          </Notice>
        )}
        {enter.isError && !refused && <ProblemNotice error={enter.error} />}
        <Field
          label={t("session.login")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck="false"
          autoFocus
          required
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <PasswordField
          label={t("session.password")}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" className="h-11 w-full" disabled={enter.isPending}>
          {t(enter.isPending ? "session.signingIn" : "session.signIn")}
        </Button>
      </form>
    </Frame>
  );
}
