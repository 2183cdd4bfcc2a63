import { useState } from 'react';
import { Icon } from './icon.tsx';

/** Browsers give the clipboard to pages over https and of this machine only. */
const CAN_COPY = typeof navigator !== 'undefined' && 'clipboard' in navigator;

/** A line to type elsewhere, with a button that copies it. The program is on nobody's path: it is called where it lies. */
export function CommandLine({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  const typed = command.replace(/(^|\| )(?=security-inbox )/g, '$1./bin/');
  const copy = async () => {
    await navigator.clipboard.writeText(typed);
    setCopied(true);
  };
  return (
    <div className="cmd">
      <code>{typed}</code>
      {CAN_COPY && (
        <button
          type="button"
          className="icon"
          onClick={copy}
          aria-label={copied ? 'Copied' : 'Copy the command'}
        >
          <Icon name={copied ? 'check' : 'copy'} />
        </button>
      )}
    </div>
  );
}
