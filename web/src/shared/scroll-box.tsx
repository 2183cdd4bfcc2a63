import type { ReactNode } from 'react';

/**
 * A box that scrolls by itself and that the keyboard can stop at to scroll it; the keys of the list
 * that scroll belong to it while it has the focus.
 */
export function ScrollBox({
  label,
  className,
  busy = false,
  children,
}: {
  label: string;
  className: string;
  busy?: boolean;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent
    <div
      className={busy ? `${className} visually-busy` : className}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
      tabIndex={0}
      role="group"
      aria-label={label}
      aria-busy={busy}
      data-scrolls
    >
      {children}
    </div>
  );
}
