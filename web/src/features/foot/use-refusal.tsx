import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';

/** Why the server did not do what a form asked for; another object each time, though the words be the same. */
export interface Refusal {
  readonly text: string;
}

/**
 * What a form shows of a refusal: `field` marks the field that was written into, which has the focus again, `told` is said
 * beside it, aloud too. Nothing is marked or told while nothing was refused.
 */
export function useRefusal<Field extends HTMLElement>(
  refusal: Refusal | null,
): {
  readonly field: {
    readonly ref: RefObject<Field | null>;
    readonly 'aria-invalid'?: true;
    readonly 'aria-describedby'?: string;
  };
  readonly told: ReactNode;
} {
  const id = useId();
  const ref = useRef<Field>(null);
  useEffect(() => {
    if (refusal !== null) ref.current?.focus();
  }, [refusal]);
  if (refusal === null) return { field: { ref }, told: null };
  return {
    field: { ref, 'aria-invalid': true, 'aria-describedby': id },
    told: (
      <p id={id} className="told critical" role="alert">
        {refusal.text}
      </p>
    ),
  };
}
