import type { ReactNode } from 'react';
import { asProblem } from './api-problem.ts';
import { Icon } from './icon.tsx';

/**
 * What a screen shows instead of content that could not be had: what, why, and the next step. To try
 * again is offered where that may help, not where the server said no.
 */
export function ProblemFace({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  return (
    <div className="face" role="alert">
      <Icon name="warn" />
      <h2>{problem.title}</h2>
      <p className="told">{problem.detail}</p>
      {retry && problem.status >= 500 && (
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
      )}
      <p className="faint">
        <code>{problem.code}</code>
        {problem.requestId !== '' && (
          <>
            {' '}
            · request <code>{problem.requestId}</code>
          </>
        )}
      </p>
    </div>
  );
}

/** A screen that has nothing to show, and the one next step. */
export function EmptyFace({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="scroll">
      <div className="face" role="status">
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
