import { useEffect, useRef } from 'react';
import type { ExportFormat } from '../../../../src/contract/export.ts';
import { exportAddress } from '../../shared/api/inbox-api.ts';
import { Icon } from '../../shared/icon.tsx';
import { type InboxFilter, isNarrowed } from '../../shared/inbox-address.ts';
import { counted } from '../../shared/number-text.ts';

const FORMATS: readonly (readonly [format: ExportFormat, name: string, what: string])[] = [
  ['csv', 'CSV', 'one line an issue, for a spreadsheet'],
  ['json', 'JSON', 'everything that a row holds, for programs'],
  ['sarif', 'SARIF 2.1.0', 'the findings, for code hosts and editors'],
  ['ocsf', 'OCSF', 'the findings, for a lake of security data'],
  ['openvex', 'OpenVEX', 'what was muted and why, for whoever uses the software'],
];

/** What a list can be saved as, over the page until one is taken or Esc. */
export function ExportList({
  filter,
  isGrouped,
  total,
  onClose,
}: {
  filter: InboxFilter;
  isGrouped: boolean;
  /** Issues of the list, over all pages. */
  total: number;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('ul a')?.focus();
  }, []);
  return (
    <dialog className="help export" ref={dialog} onClose={onClose} aria-labelledby="export-title">
      <header>
        <h2 id="export-title">Save {counted(total, 'issue')} as a file</h2>
        <button type="button" className="icon" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <ul>
        {FORMATS.map(([format, name, what]) => (
          <li key={format}>
            <a
              href={exportAddress(filter, isGrouped, format)}
              download
              // The browser fetches it on its own; the list is in sight again meanwhile.
              onClick={() => setTimeout(() => dialog.current?.close())}
            >
              <Icon name="download" />
              <b>{name}</b>
              <span className="muted">{what}</span>
            </a>
          </li>
        ))}
      </ul>
      <p className="muted">
        {isNarrowed(filter) ? 'All of the list as it is narrowed now' : 'All of the list'}, in its order,
        loaded or not. The command line does the same: <code>./bin/security-inbox export</code>.
      </p>
    </dialog>
  );
}
