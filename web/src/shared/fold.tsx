import { type ReactNode, useState } from 'react';
import { Icon } from './icon.tsx';

const keyOf = (name: string) => `security-inbox.folded.${name}`;

/** A block that folds; this browser remembers whether it is folded, under `name`. */
export function Fold({
  name,
  title,
  aside,
  children,
}: {
  name: string;
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(() => localStorage.getItem(keyOf(name)) === null);
  return (
    <details
      className="block"
      data-block={name}
      open={open}
      onToggle={(event) => {
        const isOpen = event.currentTarget.open;
        setOpen(isOpen);
        if (isOpen) localStorage.removeItem(keyOf(name));
        else localStorage.setItem(keyOf(name), 'folded');
      }}
    >
      <summary>
        <Icon name="right" className="i chev" />
        <h3>{title}</h3>
        {aside !== undefined && <span className="s">{aside}</span>}
      </summary>
      <div className="in">{children}</div>
    </details>
  );
}
