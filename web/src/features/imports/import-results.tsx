import type { ReactNode } from 'react';
import { type ImportResult, isImportRead, type RunningImport } from '../../../../src/contract/import.ts';
import { counted, sizeText } from '../../shared/number-text.ts';
import { importProgress } from './import-progress.ts';
import { importSentence } from './import-sentence.ts';
import { ReadAs } from './read-as.tsx';
import type { Imports } from './use-imports.ts';
import { useRunningImports } from './use-running-imports.ts';

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

/** A file that is on its way or being read. */
function Reading({
  name,
  size,
  running,
}: {
  name: string;
  size: number | null;
  running: RunningImport | null;
}) {
  const { words, share } =
    running === null ? { words: size === null ? '' : sizeText(size), share: null } : importProgress(running);
  const percent = share === null ? undefined : Math.floor(share * 100);
  return (
    <li>
      <p className="told">
        Reading <b>{name}</b> <span className="muted">{words}</span>
      </p>
      <div
        className="progress"
        role="progressbar"
        aria-label={`Reading ${name}`}
        aria-valuenow={percent}
        aria-valuetext={words}
      >
        <i
          className={share === null ? undefined : 'share'}
          style={{ width: share === null ? undefined : `${percent}%` }}
        />
      </div>
    </li>
  );
}

/** What became of the files that were sent, newest first, and how far those are that the server is at work on. */
export function ImportResults({ imports: { files, busy, readAs } }: { imports: Imports }) {
  const running = useRunningImports(busy);
  const reading = new Set(files.filter(({ state }) => state === 'reading').map(({ file }) => file.name));
  const others = running.filter(({ name }) => !reading.has(name));
  if (files.length === 0 && others.length === 0) return null;
  return (
    <ul className="imports" aria-live="polite" aria-label="Imports" data-testid="import-results">
      {others.map((each) => (
        <Reading key={`${each.begunAt} ${each.name}`} name={each.name} size={each.size} running={each} />
      ))}
      {files.map((sent, index) => {
        const { file } = sent;
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the same name may be sent twice
        if (sent.state === 'reading') {
          return (
            <Reading
              key={files.length - index}
              name={file.name}
              size={file.size}
              running={running.find(({ name }) => name === file.name) ?? null}
            />
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
