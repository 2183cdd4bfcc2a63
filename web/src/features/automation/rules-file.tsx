import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RulesEdit } from '../../../../src/contract/automation-rule.ts';
import { getRulesFile, previewRules } from '../../shared/api/rules-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { counted } from '../../shared/number-text.ts';
import { ProblemFace } from '../../shared/problem-face.tsx';

/** All rules as one file: to read, to copy, and to apply again, with what that would do before it does. */
export function RulesFile({
  canChange,
  busy,
  onApply,
}: {
  canChange: boolean;
  busy: boolean;
  onApply: (edit: RulesEdit) => void;
}) {
  const file = useQuery({ queryKey: ['rules-file'], queryFn: ({ signal }) => getRulesFile(signal) });
  const [written, setWritten] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const preview = useQuery({
    queryKey: ['rules-file-preview', asked],
    queryFn: ({ signal }) => previewRules({ what: 'file', text: asked ?? '' }, signal),
    enabled: asked !== null,
    retry: false,
  });
  if (file.isError) return <ProblemFace error={file.error} retry={() => file.refetch()} />;
  if (file.isPending) return <p className="section muted">Writing the file</p>;
  const text = written ?? file.data.text;
  const isChanged = text !== file.data.text;
  return (
    <div className="section rules-file">
      <label>
        <span className="muted">
          rules.yaml. Lists of a type that stand here take the place of what is there; types that are missing
          stay.
        </span>
        <textarea
          className="field mono"
          rows={22}
          spellCheck={false}
          readOnly={!canChange}
          value={text}
          onChange={({ target: { value } }) => {
            setWritten(value);
            setAsked(null);
          }}
        />
      </label>
      {canChange && (
        <p className="acts-line">
          <button type="button" className="btn" disabled={!isChanged} onClick={() => setAsked(text)}>
            Preview
          </button>
          <button
            type="button"
            className="btn main"
            disabled={!isChanged || !preview.isSuccess || asked !== text || busy}
            onClick={() => onApply({ what: 'file', text })}
          >
            Apply
          </button>
        </p>
      )}
      <div aria-live="polite">
        {preview.isError && asked !== null && (
          <p className="told critical">{asProblem(preview.error).detail}</p>
        )}
        {preview.isSuccess && asked === text && (
          <>
            <p>
              {counted(preview.data.changes.length, 'rule changes', 'rules change')};{' '}
              {counted(preview.data.enter, 'issue enters', 'issues enter')} the inbox,{' '}
              {counted(preview.data.leave, 'leaves', 'leave')}.
            </p>
            <ul className="changes">
              {preview.data.changes.map(({ id, what }) => (
                <li key={id}>
                  <span className="mono told">{id}</span>
                  <span className="to">{what}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
