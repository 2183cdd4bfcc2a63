import type { ReactNode } from 'react';
import { type ImportResult, isImportRead } from '../../../../src/contract/import.ts';
import { counted, sizeText } from '../../shared/number-text.ts';
import { importSentence } from './import-sentence.ts';
import { ReadAs } from './read-as.tsx';
import type { Imports } from './use-imports.ts';

/** Rejects shown of one report; the command line shows all of them. */
const FIRST = 20;

/** What no format claims, or more than one mapping. */
const READ_BY_MAPPING: ReadonlySet<string> = new Set(['format_unknown', 'format_ambiguous']);

function Result({ result, readAs }: { result: ImportResult; readAs: ReactNode }) {
  if (!isImportRead(result)) {
    return (
      <li>
        <p className="told">
          <b>{result.file}</b> was not read
          {result.format !== null && <span className="muted"> ({result.format})</span>}
        </p>
        <p className="told critical">{result.error.message}</p>
        <p className="faint">
          <code>{result.error.code}</code>
        </p>
        {READ_BY_MAPPING.has(result.error.code) && readAs}
      </li>
    );
  }
  return (
    <li>
      <p className="told">
        <b>{result.file}</b> {result.error === null ? 'was read' : 'broke off; what stood before was kept'}{' '}
        <span className="muted">
          ({result.format}
          {result.source !== null && `, source ${result.source}`}
          {!result.complete && ', partial: closes nothing'})
        </span>
      </p>
      <p>{importSentence(result)}</p>
      {result.error !== null && (
        <>
          <p className="told critical">{result.error.message}</p>
          <p className="faint">
            <code>{result.error.code}</code>
          </p>
        </>
      )}
      {result.rejects.length > 0 && (
        <details className="rejects">
          <summary>{counted(result.rejects.length, 'record')} could not be read</summary>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {result.rejects.slice(0, FIRST).map((reject) => (
                <tr key={`${reject.at} ${reject.code}`}>
                  <td className="mono told">{reject.at}</td>
                  <td className="two told">
                    {reject.message}
                    <small>{reject.code}</small>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </li>
  );
}

/** What became of the files that were sent, newest first. */
export function ImportResults({ imports: { files, busy, readAs } }: { imports: Imports }) {
  if (files.length === 0) return null;
  return (
    <ul className="imports" aria-live="polite" aria-label="Imports" data-testid="import-results">
      {files.map((sent, index) => {
        const { file } = sent;
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the same name may be sent twice
        if (sent.state === 'reading') {
          return (
            <li key={files.length - index}>
              <p className="told">
                Reading <b>{file.name}</b> <span className="muted">{sizeText(file.size)}</span>
              </p>
              <div className="progress" role="progressbar" aria-label={`Reading ${file.name}`}>
                <i />
              </div>
            </li>
          );
        }
        if (sent.state === 'refused') {
          return (
            <li key={files.length - index}>
              <p className="told">
                <b>{file.name}</b> was not read
              </p>
              <p className="told critical">{sent.problem.detail}</p>
              <p className="faint">
                <code>{sent.problem.code}</code>
              </p>
            </li>
          );
        }
        return sent.results.map((result) => (
          <Result
            key={`${files.length - index} ${result.file}`}
            result={result}
            // A mapping says how a file is read, not one of the files of an archive.
            readAs={
              sent.results.length === 1 && <ReadAs busy={busy} onRead={(mapping) => readAs(file, mapping)} />
            }
          />
        ));
        // biome-ignore-end lint/suspicious/noArrayIndexKey: the same name may be sent twice
      })}
    </ul>
  );
}
