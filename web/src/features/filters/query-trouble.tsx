import type { QueryProblem } from '../../shared/api-problem.ts';

/** What is wrong with a query, below it, with the place marked. */
export function QueryTrouble({ id, query, problem }: { id: string; query: string; problem: QueryProblem }) {
  const { detail, from, to } = problem;
  return (
    <div className="query-trouble" id={id} role="status" data-testid="query-trouble">
      <p className="mono told">
        {query.slice(0, from)}
        <mark>{query.slice(from, to) || ' '}</mark>
        {query.slice(to)}
      </p>
      <p className="told">{detail}</p>
    </div>
  );
}
