import { type Problem, problemSchema } from '../../../src/contract/problem.ts';

/** A request that did not give what was asked for, with the problem that says why. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

/** What is wrong with a query: in its text from `from` to before `to`. */
export interface QueryProblem {
  readonly detail: string;
  readonly from: number;
  readonly to: number;
}

/** No answer at all: the server is down, or the network is. */
export const serverUnreachable: Problem = {
  type: 'about:blank',
  title: 'The server does not answer',
  status: 503,
  code: 'server_unreachable',
  detail: 'No answer came from the address of this page. Is the server running? Start it with npm start.',
  requestId: '',
};

/** An answer that this page does not understand: page and server are of different versions. */
export function unknownShape(path: string): Problem {
  return {
    type: 'about:blank',
    title: 'The answer has a shape that this page does not know',
    status: 500,
    code: 'unknown_shape',
    detail: `The server answered ${path.split('?')[0]} in another shape than expected. Reload the page; after an update both are of one version again.`,
    requestId: '',
  };
}

/** The problem of an answer that is an error; a stand-in with its status where the body is none. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  if (problem.success) return problem.data;
  return {
    type: 'about:blank',
    title: `The server answered ${response.status}`,
    status: response.status,
    code: 'internal',
    detail: 'The answer did not say why. The log of the server tells more.',
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

/** Any thrown thing as a problem to show; what is not ours is a fault of the page. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  return {
    type: 'about:blank',
    title: 'This page has a fault',
    status: 500,
    code: 'internal',
    detail: error instanceof Error ? error.message : String(error),
    requestId: '',
  };
}

/** The problem of a server that nobody administers yet: whoever opens the link that it printed does. */
export function asNotInitialised(error: unknown): Problem | null {
  return error instanceof ApiProblem && error.problem.code === 'not_initialised' ? error.problem : null;
}

/** The problem of a query that cannot be read, with its place in it; null for other errors. */
export function asQueryProblem(error: unknown): QueryProblem | null {
  if (!(error instanceof ApiProblem)) return null;
  const { detail, queryPlace } = error.problem;
  return queryPlace === undefined ? null : { detail, ...queryPlace };
}

/** Whether an error means that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 401;
}
