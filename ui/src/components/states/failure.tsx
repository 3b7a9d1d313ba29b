import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ProblemNotice } from "./problem";

/** A page that could not be drawn at all. */
export function Failure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div className="mx-auto grid min-h-[60vh] max-w-lg place-items-center px-4">
      <ProblemNotice
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
